package org.lnsd.cli.l2tpns;

import java.util.Map;

/** The variables of l2tpns that lnsd has no key for, each with the reason or what takes its place. */
final class Unmatched {

    private static final String CLUSTER = "there is no cluster of this kind; see packaging/examples/keepalived";
    private static final String LAC_ROLE = "lnsd does not hand sessions on to another LNS";
    private static final String PPPOE = "lnsd takes no PPPoE";
    private static final String BUCKETS = "token buckets need no allotment";
    private static final String SYSTEM = "the system's: see lnsd.service and docs/TUNING.md";
    private static final String BGP = "BGP is BIRD's or FRR's: see packaging/examples/bird";
    private static final String USAGE = "usage is in RADIUS accounting and `lnsctl show sessions --json`";

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("pid_file", "lnsd runs in the foreground, systemd knows its process"),
            Map.entry("log_file", "lnsd logs to standard error, which the journal takes"),
            Map.entry("random_device", "randomness is always the kernel's"),
            Map.entry("ppp_keepalive", "echoes go out when a line is quiet; traffic is a sign of life"),
            Map.entry("radius_bind_min", "the kernel picks ports; [radius] source-address fixes the address"),
            Map.entry("radius_bind_max", "the kernel picks ports; [radius] source-address fixes the address"),
            Map.entry("kill_timedout_sessions", "Session-Timeout and Idle-Timeout always end a session"),
            Map.entry("guest_account", "[ppp] duplicate-logins holds for all users"),
            Map.entry("send_garp", "the address belongs to the machine: keepalived or the network sends these"),
            Map.entry("cli_bind_address", "lnsctl uses a Unix socket: [control] socket and group say who may"),
            Map.entry("nexthop_address", BGP), Map.entry("nexthop6_address", BGP), Map.entry("nexthop", BGP),
            Map.entry("nexthop6", BGP),
            Map.entry("route_protocol", "lnsd's routes always have its own protocol number (docs/INSTALL.md)"),
            Map.entry("dns6_lifetime", "lnsd chooses the lifetime of RDNSS by the interval of advertisements"),
            Map.entry("dhcp6_preferred_lifetime", "lnsd chooses lifetimes"),
            Map.entry("dhcp6_valid_lifetime", "lnsd chooses lifetimes"),
            Map.entry("dhcp6_server_duid", "lnsd makes its DUID of the node's name"),
            Map.entry("throttle_buckets", BUCKETS), Map.entry("no_throttle_local_IP", "rates hold for all traffic"),
            Map.entry("accounting_dir", USAGE), Map.entry("account_all_origin", USAGE),
            Map.entry("dump_speed", "`lnsctl show status --watch` or /metrics"),
            Map.entry("multi_read_count", "the forwarding threads choose their batches"),
            Map.entry("scheduler_fifo", SYSTEM), Map.entry("lock_pages", SYSTEM),
            Map.entry("icmp_rate", "lnsd limits its ICMP by itself"),
            Map.entry("packet_limit",
                    "lnsctl set session X packets-per-second N, or RADIUS, see docs/RATES-AND-FILTERS.md"),
            Map.entry("disable_sending_hello",
                    "a silent peer is always asked; [l2tp] hello-interval = \"24h\" comes near"),
            Map.entry("auth_tunnel_change_addr_src", "a tunnel stays with the address that opened it"),
            Map.entry("kernel_accel", "lnsd forwards by itself, with the kernel's offloads"),
            Map.entry("cluster_address", CLUSTER), Map.entry("cluster_port", CLUSTER),
            Map.entry("cluster_interface", CLUSTER), Map.entry("cluster_mcast_ttl", CLUSTER),
            Map.entry("cluster_hb_interval", CLUSTER), Map.entry("cluster_hb_timeout", CLUSTER),
            Map.entry("cluster_master_min_adv", CLUSTER),
            Map.entry("disable_lac_func", LAC_ROLE), Map.entry("bind_address_remotelns", LAC_ROLE),
            Map.entry("bind_portremotelns", LAC_ROLE), Map.entry("multi_hostname", "lnsd has one Host Name"),
            Map.entry("pppoe_if_to_bind", PPPOE), Map.entry("pppoe_service_name", PPPOE),
            Map.entry("pppoe_ac_name", PPPOE), Map.entry("pppoe_only_equal_svc_name", PPPOE),
            Map.entry("secondary_radius_port", "there is no secondary_radius"),
            Map.entry("primary_radius_port", "there is no primary_radius"));

    private static final Map<String, String> PLUGINS = Map.of(
            "sessionctl", "built in: lnsctl clear session",
            "throttlectl", "built in: lnsctl set session X rate-down RATE",
            "autothrottle", "built in: RADIUS tells rates, see docs/RATES-AND-FILTERS.md",
            "garden", "built in: [[garden]], see docs/RATES-AND-FILTERS.md",
            "autosnoop", "built in: Cisco-AVPair intercept=ADDRESS:PORT, see docs/RATES-AND-FILTERS.md",
            "snoopctl", "built in: lnsctl intercept session X ADDRESS:PORT",
            "setrxspeed", "not needed: lnsd takes a call without Rx Connect Speed");

    private Unmatched() {}

    /** Why a variable that nobody took has no counterpart. */
    static String variable(String name) {
        String reason = REASONS.get(name);
        return reason != null ? reason : "not understood: no variable of l2tpns, or not a value for it";
    }

    /** What takes the place of a plugin. */
    static String plugin(String name) {
        return PLUGINS.getOrDefault(name, "has no counterpart");
    }
}

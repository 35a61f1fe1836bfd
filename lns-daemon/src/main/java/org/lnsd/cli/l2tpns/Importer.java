package org.lnsd.cli.l2tpns;

import static org.lnsd.daemon.config.Literals.quote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.lnsd.daemon.filter.FilterParser;

/** Writes the tables of lnsd.toml in their order, each out of what l2tpns says about it. */
final class Importer {

    private static final int L2TPNS_OVERHEAD = 42; // what l2tpns takes off l2tp_mtu for its MRU
    private static final int L2TPNS_MAXIMUM_MRU = 1492;
    private static final long ECHO_SECONDS = 10;
    private static final long DEAD_SECONDS = 240;

    private final StartupConfig from;
    private final Draft draft;
    private final List<String> localAddresses;

    private Importer(StartupConfig from, Draft draft) {
        this.from = from;
        this.draft = draft;
        Optional<String> one = from.address("bind_address");
        List<String> several = from.take("bind_multi_address").map(set -> words(set.from(2))).orElse(List.of());
        localAddresses = several.isEmpty() ? one.stream().toList() : several;
    }

    /** The draft of an lnsd.toml that does what these files made l2tpns do. */
    static Draft run(StartupConfig from, List<Statement> pool, List<Statement> logins) {
        Draft draft = new Draft();
        Importer importer = new Importer(from, draft);
        importer.node();
        importer.tunnels();
        importer.links();
        importer.pool(pool);
        importer.filters();
        importer.radius();
        importer.rest();
        logins.forEach(login -> draft.remark(login,
                "a login of the telnet CLI: add the person to the group of [control] instead"));
        from.leftVariables().forEach(left -> draft.remark(left, Unmatched.variable(left.word(1))));
        draft.dropWhatIsRefused();
        return draft;
    }

    private void node() {
        from.take("hostname").ifPresent(name -> {
            draft.table("[node]");
            draft.put("name", quote(name.from(2)));
        });
    }

    private void tunnels() {
        if (!localAddresses.isEmpty()) {
            draft.table("[l2tp]");
            draft.put("listen", list(localAddresses, address -> address + ":1701"));
        }
        draft.table("[[l2tp.peer]]");
        draft.put("name", quote("any"));
        draft.put("address", "[\"0.0.0.0/0\", \"::/0\"]",
                "l2tpns takes any LAC: name yours here, one [[l2tp.peer]] each");
        from.take("l2tp_secret").ifPresent(secret -> {
            draft.put("secret", quote(secret.from(2)));
            draft.put("challenge", "false", "l2tpns never asks LACs for proof: true when yours know the secret");
        });
    }

    private void links() {
        draft.table("[ppp]");
        List<String> methods = from.take("radius_authtypes").map(set -> words(set.from(2))).orElse(List.of("pap"));
        draft.put("authentication", list(methods, method -> method), "pap, chap, mschapv2");
        from.number("l2tp_mtu").ifPresent(mtu -> draft.put("mru",
                Long.toString(Math.min(L2TPNS_MAXIMUM_MRU, mtu - L2TPNS_OVERHEAD)), "1500 works with lnsd"));
        from.number("ppp_restart_time").ifPresent(time -> draft.put("restart-timer", seconds(time)));
        from.number("ppp_max_configure").ifPresent(count -> draft.put("maximum-configure", count.toString()));
        from.number("ppp_max_failure").ifPresent(count -> draft.put("maximum-failure", count.toString()));
        echo();
        from.flag("allow_duplicate_users")
                .ifPresent(allowed -> draft.put("duplicate-logins", quote(allowed ? "allow" : "replace")));
        from.take("lcp_renegotiation").ifPresent(policy -> draft.put("proxy",
                quote(policy.word(2).equals("always") ? "renegotiate" : "accept")));
        from.number("mp_mrru").ifPresent(mrru -> draft.put("multilink", Boolean.toString(mrru != 0)));
        List<String> servers = Stream.of("primary_dns", "secondary_dns", "primary_ipv6_dns", "secondary_ipv6_dns")
                .flatMap(name -> from.address(name).stream()).toList();
        if (!servers.isEmpty()) {
            draft.put("dns", list(servers, address -> address));
        }
        from.take("default_ipv6_domain_list")
                .ifPresent(names -> draft.put("dns-search", list(words(names.from(2)), name -> name)));
        from.number("throttle_speed").filter(speed -> speed > 0).ifPresent(speed -> {
            draft.put("rate-down", quote(speed + "kbit/s"), "throttle_speed");
            draft.put("rate-up", quote(speed + "kbit/s"));
        });
        ownAddress();
        ipv6();
    }

    private void echo() {
        Optional<Long> interval = from.number("echo_timeout");
        Optional<Long> dead = from.number("idle_echo_timeout");
        if (interval.isPresent() || dead.isPresent()) {
            long every = interval.orElse(ECHO_SECONDS);
            draft.put("echo", "{ interval = " + seconds(every) + ", failures = "
                    + Math.max(1, dead.orElse(DEAD_SECONDS) / Math.max(1, every)) + " }");
        }
    }

    private void ownAddress() {
        Optional<String> peer = from.address("peer_address");
        Optional<String> device = from.address("iftun_address");
        Optional<String> first = localAddresses.stream().findFirst();
        peer.or(() -> device).or(() -> first)
                .ifPresent(address -> draft.put("address", quote(address), "our own end of every link"));
    }

    private void ipv6() {
        Optional<Statement> prefix = from.text("ipv6_prefix").filter(text -> !text.equals("::"))
                .flatMap(_ -> from.take("ipv6_prefix"));
        draft.put("ipv6", Boolean.toString(prefix.isPresent()),
                prefix.isPresent() ? "prefixes come from RADIUS or a pool" : "l2tpns needs ipv6_prefix for it");
        prefix.ifPresent(set -> draft.remark(set, "lnsd gives each line a /64 of its own: name a larger range as "
                + "ipv6-prefix in [[pool]], or let RADIUS send Framed-IPv6-Prefix"));
        from.take("ipv6_prefix");
    }

    private void pool(List<Statement> lines) {
        List<String> ranges = new PoolRanges(draft, localAddresses).of(lines);
        if (!ranges.isEmpty()) {
            draft.table("[[pool]]");
            draft.put("name", quote("default"));
            draft.put("ipv4", list(ranges, range -> range));
        }
    }

    private void filters() {
        from.accessLists().forEach((name, statements) -> {
            List<String> rules = new ArrayList<>();
            for (Statement statement : statements) {
                try {
                    rules.add(FilterParser.parse(statement.from(0)).text());
                } catch (IllegalArgumentException wrong) {
                    draft.remark(statement, "this rule is missing in [[filter]] " + name + ": " + wrong.getMessage());
                }
            }
            draft.table("[[filter]]");
            draft.put("name", quote(name));
            draft.put("rules", rules.isEmpty() ? "[\"deny any\"]" : list(rules, rule -> rule));
        });
    }

    private void radius() {
        Optional<Statement> accounting = from.take("radius_accounting");
        Optional<Long> interim = from.number("radius_interim");
        Optional<Statement> signed = from.take("radius_require_message_authenticator");
        Optional<Long> changesPort = from.number("radius_dae_port");
        Optional<String> secret = from.take("radius_secret").map(set -> set.from(2));
        Optional<String> primary = from.address("primary_radius");
        Optional<String> secondary = from.address("secondary_radius");
        List<String> servers = Stream.concat(primary.stream(), secondary.stream()).toList();
        if (servers.isEmpty()) {
            draft.remark("no RADIUS server: users come from [[user]] tables, which l2tpns does not have");
            return;
        }
        draft.table("[radius]");
        draft.put("accounting", Boolean.toString(accounting.map(set -> isYes(set.word(2))).orElse(false)));
        interim.ifPresent(every -> draft.put("interim-interval", seconds(every)));
        signed.ifPresent(set -> draft.put("require-message-authenticator",
                Boolean.toString(!set.word(2).equals("no")), "false only for servers that cannot sign"));
        String shared = quote(secret.orElse("CHANGE-ME"));
        if (secret.isEmpty()) {
            draft.remark("there is no radius_secret: put the servers' in place of CHANGE-ME");
        }
        boolean strip = from.plugins().removeIf(plugin -> plugin.word(2).equals("stripdomain"));
        primary.ifPresent(address -> server(address, from.number("primary_radius_port"), shared, strip));
        secondary.ifPresent(address -> server(address, from.number("secondary_radius_port"), shared, strip));
        draft.table("[radius.dynamic-authorization]");
        draft.put("listen", quote(localAddresses.stream().findFirst().orElse("0.0.0.0") + ":"
                + changesPort.orElse(3799L)));
        draft.put("clients", list(servers, address -> address), "l2tpns takes requests from anybody");
        draft.put("secret", shared);
    }

    private void server(String address, Optional<Long> port, String secret, boolean strip) {
        long authentication = port.filter(given -> given > 0).orElse(1812L);
        draft.table("[[radius.server]]");
        draft.put("address", quote(address));
        draft.put("authentication-port", Long.toString(authentication));
        draft.put("accounting-port", Long.toString(authentication + 1));
        draft.put("secret", secret);
        if (strip) {
            draft.put("strip-realm", "true", "the plugin stripdomain");
        }
    }

    private void rest() {
        Optional<String> device = from.take("tundevicename").map(set -> set.from(2));
        Optional<Long> metric = from.number("route_metric");
        if (device.isPresent() || metric.isPresent()) {
            draft.table("[tun]");
            device.ifPresent(name -> draft.put("name", quote(name)));
            metric.ifPresent(value -> draft.put("route-metric", value.toString()));
        }
        from.flag("disable_no_spoof").ifPresent(off -> {
            draft.table("[forwarding]");
            draft.put("source-check", Boolean.toString(!off));
        });
        from.number("debug").ifPresent(level -> {
            draft.table("[log]");
            draft.put("level", quote(level(level.intValue())), "l2tpns's level " + level);
        });
        from.plugins().forEach(plugin -> draft.remark(plugin, Unmatched.plugin(plugin.word(2))));
        from.others().forEach(other -> draft.remark(other, switch (other.word(0)) {
            case "router", "neighbour", "no" -> "BGP is BIRD's or FRR's: see packaging/examples/bird";
            case "setforward" -> "lnsd does not hand sessions on to another LNS";
            default -> "not understood";
        }));
    }

    private static String level(int debug) {
        return switch (debug) {
            case 0, 1 -> "error";
            case 2 -> "warn";
            case 3 -> "info";
            case 4 -> "debug";
            default -> "trace";
        };
    }

    private static boolean isYes(String text) { return text.matches("(?i)yes|true|1"); }

    private static String seconds(long seconds) { return quote(seconds + "s"); }

    private static List<String> words(String text) {
        return Stream.of(text.split("[,\\s]+", -1)).filter(word -> !word.isEmpty()).toList();
    }

    private static String list(List<String> values, Function<String, String> value) {
        return "[" + String.join(", ", values.stream().map(value).map(text -> quote(text)).toList()) + "]";
    }
}

package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** IPv6 on a real subscriber's line: pppd and the kernel's autoconfiguration, then the DHCPv6 clients of Debian, one after the other. */
@Tag("system")
class Ipv6GuestTest {
    private static final String CONFIGURATION = """
            [[l2tp.peer]]
            name = "guest"
            address = ["172.30.0.0/24"]
            [ppp]
            dns = ["198.51.100.53", "2001:db8:ffff::53"]
            dns-search = ["customers.example.net"]
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/24"]
            [[user]]
            name = "alice@example.net"
            password = "wonderland"
            ipv6-prefix = "2001:db8:%1$s:7::/64"
            ipv6-delegated = "2001:db8:%1$s00::/56"
            """;
    private static final String LINK = "2001:db8:1:7:";
    private static final String DELEGATED = "2001:db8:100::/56";

    private final AtomicInteger namespaces = new AtomicInteger();

    /** RFC 4862 section 5.5, RFC 8106 section 5.1, RFC 8415 section 18.3. */
    @Test
    void aLineIsConfiguredRoutedAndForgotten() {
        try (Site site = new Site(namespaces, "ipv6-guest")) {
            UmlGuest guest = site.guest();
            Capture capture = site.capture("acc0");
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), CONFIGURATION.formatted("1")));
            Xl2tpd line = new Xl2tpd(guest, "line", Site.LNS, "", "alice@example.net", "wonderland", "+ipv6");
            line.dialUntilUp();
            Map<String, Object> session = lnsd.awaitOpen(1).getFirst();
            assertThat(session).containsEntry("ipv6-prefix", LINK + ":/64").containsEntry("ipv6-delegated", DELEGATED);
            String address = awaitAddress(guest, LINK);
            guest.shell("ip -6 route replace default dev ppp0 metric 1");
            assertThat(guest.run("ping", "-6", "-n", "-c", "10", "-i", "0.05", Site.INTERNET6).output())
                    .contains(" 0% packet loss");
            assertThat(site.net().must("ping", "-6", "-n", "-c", "10", "-i", "0.05", address))
                    .contains(" 0% packet loss");

            sourcesOfOthersAndLinkLocalStayOnTheLine(site, guest, lnsd);
            packetTooBigComesFromARouter(site, address);
            for (Client client : Client.values()) {
                delegates(site, guest, client);
            }

            line.hangUp();
            line.awaitDown();
            lnsd.awaitNoSessions();
            awaitRoute(site, LINK, false);
            awaitRoute(site, DELEGATED, false);
            capture.stop();
            assertThat(capture.malformedFrom(Site.LNS)).isEmpty();
            assertThat(capture.firstTime("icmpv6.type == 134 && ip.src == " + Site.LNS)
                    - capture.firstTime("ipv6cp && ppp.code == 2 && ip.src == " + Site.LNS))
                    .as("seconds from IPv6CP to what SLAAC needs").isLessThan(3);
        }
    }

    private static String awaitAddress(UmlGuest guest, String prefix) {
        return Awaitility.await("a global address by SLAAC").atMost(20, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS).until(() -> guest.run("sh", "-c",
                        "ip -6 -o address show dev ppp0 scope global | sed -n 's/.*inet6 \\(" + prefix
                                + "[^/]*\\).*/\\1/p' | head -n 1")
                        .output().strip(), found -> !found.isEmpty());
    }

    private static void awaitRoute(Site site, String prefix, boolean there) {
        Awaitility.await("kernel route " + prefix + (there ? " is there" : " is gone")).atMost(20, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> site.lns().must("ip", "-6", "route").contains(prefix) == there);
    }

    // RFC 2827; RFC 4291 section 2.5.6: routers forward no link-local packet.
    private static void sourcesOfOthersAndLinkLocalStayOnTheLine(Site site, UmlGuest guest, Lnsd lnsd) {
        Process seen = site.net().start(site.folder("net").resolve("seen"), "dumpcap", "-q", "-i", "net0", "-f",
                "ip6 and (src host 2001:db8:bad::1 or (src net fe80::/10 and icmp6 and ip6[40] == 128))", "-w",
                site.folder("net").resolve("seen.pcapng").toString());
        Awaitility.await("the capture runs").atMost(20, TimeUnit.SECONDS)
                .until(() -> Commands.text(site.folder("net").resolve("seen")).contains("File: "));
        guest.shell("ip address add 2001:db8:bad::1/128 dev lo");
        guest.run("ping", "-6", "-n", "-c", "3", "-i", "0.1", "-W", "1", "-I", "2001:db8:bad::1", Site.INTERNET6);
        String local = guest
                .shell("ip -6 -o address show dev ppp0 scope link | sed -n 's/.*inet6 \\([^/ ]*\\).*/\\1/p'")
                .strip();
        guest.run("ping", "-6", "-n", "-c", "3", "-i", "0.1", "-W", "1", "-I", local + "%ppp0", Site.INTERNET6);
        Commands.Result neighbour = guest.run("ping", "-6", "-n", "-c", "3", "-i", "0.1", "-W", "2", "ff02::2%ppp0");
        assertThat(neighbour.output()).as("lnsd answers on the link").contains(" 0% packet loss");
        Commands.end(seen);
        assertThat(Commands.must("tshark", "-n", "-r", site.folder("net").resolve("seen.pcapng").toString()).lines()
                .filter(packet -> !packet.startsWith("Running as")).toList()).isEmpty();
        Object id = lnsd.sessions().getFirst().get("id");
        String detail = lnsd.control("--json", "show", "session", String.valueOf(id)).output();
        assertThat((Long) Json.object(Json.read(detail)).get("dropped-in")).isGreaterThanOrEqualTo(3);
    }

    // RFC 4443 section 3.2: the sender learns the link's MTU, from an address that is not the subscriber's.
    private static void packetTooBigComesFromARouter(Site site, String address) {
        String told = site.net().run("ping", "-6", "-n", "-c", "2", "-W", "2", "-M", "do", "-s", "1460", address)
                .output();
        assertThat(told).as("packets that the line cannot carry").doesNotContain("2 received");
        assertThat(told).contains("mtu");
    }

    /** The clients of Debian; each asks for a prefix on ppp0. */
    private enum Client {
        WIDE, DHCPCD;

        long start(UmlGuest guest) {
            String folder = guest.work().toString();
            return switch (this) {
                case WIDE -> {
                    Commands.write(guest.work().resolve("wide.conf"), """
                            interface ppp0 { send ia-pd 1; request domain-name-servers; request domain-name; };
                            id-assoc pd 1 { prefix-interface lan0 { sla-id 1; sla-len 8; ifid 1; }; };
                            """);
                    yield guest.start("wide.log", "dhcp6c", "-f", "-D", "-c", folder + "/wide.conf", "-p",
                            "/run/wide.pid", "ppp0");
                }
                case DHCPCD -> {
                    Commands.write(guest.work().resolve("dhcpcd.conf"), """
                            duid
                            persistent
                            ipv6only
                            allowinterfaces ppp0
                            option domain_name_servers, domain_search
                            interface ppp0
                            ipv6rs
                            ia_pd 1 lan0/1/64
                            """);
                    yield guest.start("dhcpcd.log", "dhcpcd", "-6", "-B", "-d", "-f", folder + "/dhcpcd.conf", "ppp0");
                }
            };
        }
    }

    private static void delegates(Site site, UmlGuest guest, Client client) {
        guest.shell("""
                ip netns add host && ip link add lan0 type veth peer name host0 netns host && ip link set lan0 up
                ip netns exec host ip link set host0 up
                sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.ppp0.accept_ra=2
                mkdir -p /run/dhcpcd; touch /run/resolv.conf
                mountpoint -q /etc/resolv.conf || mount --bind /run/resolv.conf /etc/resolv.conf
                """);
        long pid = client.start(guest);
        awaitRoute(site, DELEGATED, true);
        String router = Awaitility.await(client + " puts an address of its prefix on the LAN")
                .atMost(30, TimeUnit.SECONDS).pollInterval(200, TimeUnit.MILLISECONDS)
                .until(() -> guest.run("sh", "-c",
                        "ip -6 -o address show dev lan0 scope global | sed -n 's/.*inet6 \\([^/]*\\).*/\\1/p'").output()
                        .strip(), found -> found.startsWith("2001:db8:100:"));
        String host = "2001:db8:100:1::100";
        guest.shell(
                "ip netns exec host ip address add " + host + "/64 dev host0 nodad && ip netns exec host ip -6 route "
                        + "add default via " + router);
        Awaitility.await("the host behind " + client + " answers the core").atMost(20, TimeUnit.SECONDS)
                .until(() -> site.net().run("ping", "-6", "-n", "-c", "5", "-i", "0.05", "-W", "1", host).output()
                        .contains(" 0% packet loss"));
        if (client == Client.DHCPCD) {
            Awaitility.await("resolv.conf is filled").atMost(20, TimeUnit.SECONDS)
                    .until(() -> guest.shell("cat /etc/resolv.conf").contains("nameserver 2001:db8:ffff::53"));
            assertThat(guest.shell("cat /etc/resolv.conf")).contains("customers.example.net");
            guest.run("dhcpcd", "-6", "-N", "ppp0");
            Awaitility.await("the prefix is renewed").atMost(20, TimeUnit.SECONDS)
                    .until(() -> Commands.text(guest.work().resolve("dhcpcd.log")).contains("RENEW6"));
            assertThat(site.lns().must("ip", "-6", "route")).contains(DELEGATED);
        }
        if (client == Client.WIDE) { // it gives the prefix back; the other one keeps its prefix until the line goes
            guest.run("kill", String.valueOf(pid));
            awaitRoute(site, DELEGATED, false);
            guest.run("sh", "-c", "kill -9 " + pid + "; ip netns delete host; ip link delete lan0");
        }
    }
}

package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** lnsd between a real pppd and a real FreeRADIUS. The first configured server never answers; the second one decides. */
@Tag("system")
class RadiusServerTest {
    private static final String CONFIGURATION = """
            [[l2tp.peer]]
            name = "guest"
            address = ["172.30.0.0/24"]
            [ppp]
            authentication = ["%s"]
            address = "100.64.0.1"
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/24"]
            [radius]
            accounting = true
            timeout = "500ms"
            attempts = 2
            interim-interval = "1m"
            [[radius.server]]
            address = "127.0.0.1"
            authentication-port = 18120
            accounting-port = 18130
            secret = "nobody-listens-here"
            [[radius.server]]
            address = "127.0.0.1"
            authentication-port = 1812
            accounting-port = 1813
            secret = "%s"
            """;

    private final AtomicInteger namespaces = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(strings = {"pap", "chap"})
    void secondServerAcceptsRejectsAndKeepsTheAccount(String authentication) {
        try (Site site = new Site(namespaces, "radius-" + authentication)) {
            FreeRadius radius = site.closing(FreeRadius.in(site.lns(), site.folder("radius"), """
                    alice@example.net Cleartext-Password := "wonderland"
                        Service-Type = Framed-User, Framed-Protocol = PPP, Framed-IP-Address = 203.0.113.7, Class = 0x636c617373
                    """));
            UmlGuest guest = site.guest();
            site.transferServer();
            Capture capture = site.capture("acc0");
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"),
                    CONFIGURATION.formatted(authentication, FreeRadius.SECRET)));

            Xl2tpd stranger = new Xl2tpd(guest, "stranger", Site.LNS, "", "alice@example.net", "looking-glass", "");
            stranger.dial();
            Awaitility.await("the wrong password is refused").atMost(30, TimeUnit.SECONDS)
                    .pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(() -> stranger.pppLog()
                            .contains(authentication.equals("pap") ? "rcvd [PAP AuthNak" : "rcvd [CHAP Failure"));
            stranger.awaitDown();
            stranger.stop();
            lnsd.awaitNoSessions();

            Xl2tpd line = new Xl2tpd(guest, "line", Site.LNS, "", "alice@example.net", "wonderland", "");
            assertThat(line.dialUntilUp()).isEqualTo("203.0.113.7");
            line.defaultRoute();
            lnsd.awaitOpen(1);
            Map<String, String> start = radius.awaitAccounting("alice@example.net", "Start");
            assertThat(start).containsEntry("Framed-IP-Address", "203.0.113.7").containsKey("Acct-Session-Id")
                    .containsEntry("Class", "0x636c617373");
            Commands.Result transfer = guest.run(60, "python3", site.transferScript().toString(), "get", Site.INTERNET,
                    "5002", "2000000");
            assertThat(transfer.output()).startsWith("2000000 ");

            guest.shell("pkill -TERM -x pppd"); // the subscriber's LCP Terminate-Request
            Map<String, String> stop = radius.awaitAccounting("alice@example.net", "Stop");
            line.awaitDown();
            lnsd.awaitNoSessions();
            capture.stop();
            assertThat(stop).containsEntry("Acct-Session-Id", start.get("Acct-Session-Id"))
                    .containsEntry("Acct-Terminate-Cause", "User-Request")
                    .containsEntry("Framed-IP-Address", "203.0.113.7");
            assertThat(stop.get("Acct-Input-Octets")).as("octets from the subscriber")
                    .isEqualTo(String.valueOf(octets(capture, Site.LAC)));
            assertThat(stop.get("Acct-Output-Octets")).as("octets to the subscriber")
                    .isEqualTo(String.valueOf(octets(capture, Site.LNS)));
            assertThat(capture.malformedFrom(Site.LNS)).isEmpty();
        }
    }

    /** The IP octets inside the L2TP data that an address sent: the second IP header's length of each packet. */
    private static long octets(Capture capture, String sender) {
        List<List<String>> packets = capture
                .packets("ip.src == " + sender + " && l2tp.type == 0 && ppp.protocol == 0x0021", "ip.len");
        return packets.stream().map(fields -> fields.getFirst().split(",")).filter(lengths -> lengths.length > 1)
                .mapToLong(lengths -> Long.parseLong(lengths[1]))
                .sum();
    }
}

package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A real pppd negotiates anew in the middle of a transfer (RFC 1661 section 3.4). It has no command for that, so a
 * Configure-Request in its name reaches the LNS, whose own request then takes pppd out of Opened; all that follows is between the
 * two.
 */
@Tag("system")
class RealRenegotiationTest {
    private static final int FILE_OCTETS = 10_000_000;
    private static final String ADDRESS = "203.0.113.7";
    private static final String CONFIGURATION = """
            [[l2tp.peer]]
            name = "guest"
            address = ["172.30.0.0/24"]
            [ppp]
            authentication = ["chap"]
            address = "100.64.0.1"
            [[user]]
            name = "alice@example.net"
            password = "wonderland"
            ipv4 = "203.0.113.7"
            rate-down = "3Mbit/s"
            """;
    /** Identifier 200, MRU 1500 and a magic number. */
    private static final String LCP_REQUEST = "ff03c02101c8000e010405dc0506aabbccdd";
    /** Identifier 200 and the address that the subscriber has. */
    private static final String IPCP_REQUEST = "ff03802101c8000a0306cb007107";

    @Test
    void aTransferOutlivesRenegotiationsOfLcpAndIpcp() {
        try (Site site = new Site(new AtomicInteger(), "real-renegotiation")) {
            UmlGuest guest = site.guest();
            Path inject = Commands.resource("inject.py", guest.work());
            site.transferServer();
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), CONFIGURATION));
            guest.shell("ip route delete default");
            Xl2tpd line = new Xl2tpd(guest, "line", Site.LNS, "", "alice@example.net", "wonderland", "defaultroute");
            assertThat(line.dialUntilUp()).isEqualTo(ADDRESS);
            Map<String, Object> session = lnsd.awaitOpen(1).getFirst();
            List<String> sender = List.of("python3", inject.toString(), Site.LAC, "1701", Site.LNS,
                    session.get("tunnel-id").toString(), session.get("session-id").toString());

            guest.start("transfer.out", "python3", site.transferScript().toString(), "get", Site.INTERNET,
                    String.valueOf(Site.TRANSFER_PORT), String.valueOf(FILE_OCTETS));
            int timesUp = 1;
            for (String request : List.of(LCP_REQUEST, IPCP_REQUEST, LCP_REQUEST)) {
                long before = octetsReceived(guest);
                Awaitility.await("octets flow").atMost(60, TimeUnit.SECONDS).pollInterval(100, TimeUnit.MILLISECONDS)
                        .until(() -> octetsReceived(guest) > before + 100_000);
                guest.shell(String.join(" ", sender) + " " + request);
                awaitTimesUp(line, ++timesUp);
            }
            assertThat(transferred(guest)).as("the transfer goes on behind the last renegotiation").isEmpty();
            assertThat(lnsd.control("set", "session", session.get("id").toString(), "rate-down", "1Gbit/s").exit())
                    .isZero();

            Awaitility.await("the transfer ends").atMost(120, TimeUnit.SECONDS)
                    .pollInterval(500, TimeUnit.MILLISECONDS).until(() -> !transferred(guest).isEmpty());
            assertThat(Commands.text(site.folder("").resolve("transfer.log"))).as("what was sent is what has come")
                    .contains("get " + FILE_OCTETS + " ").contains("get " + transferred(guest));
            assertThat(lnsd.awaitOpen(1).getFirst()).as("the same session").containsEntry("id", session.get("id"))
                    .containsEntry("ipv4", ADDRESS);
            assertThat(occurrences(line.pppLog(), "CHAP authentication succeeded\n(?!CHAP)")).as("authentications")
                    .isEqualTo(3);
        }
    }

    private static String transferred(UmlGuest guest) {
        return Commands.text(guest.work().resolve("transfer.out")).strip();
    }

    private static long octetsReceived(UmlGuest guest) {
        return Long.parseLong(guest.run("cat", "/sys/class/net/ppp0/statistics/rx_bytes").output().strip());
    }

    private static void awaitTimesUp(Xl2tpd line, int times) {
        Awaitility.await("IPCP of pppd is up " + times + " times").atMost(60, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> occurrences(line.pppLog(), "local +IP address " + Pattern.quote(ADDRESS)) == times);
    }

    private static long occurrences(String text, String expression) {
        return Pattern.compile(expression).matcher(text).results().count();
    }
}

package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two thousand sessions, two flows through them, and two hundred clients of the control socket, half of them ill-behaved: nobody loses
 * anything. build-support/benchmark/operator.py does it with 50,000 sessions and takes the time.
 */
@Tag("system")
class OperatorLoadTest {
    private static final int SESSIONS = 2000;
    private static final int CLIENTS = 200;
    private static final int ROUNDS = 4;
    private static final long GROWTH_OCTETS = 48L << 20;
    private static final String LAST = "user" + (SESSIONS - 1) + "@example.net";

    @Test
    void slowAndVanishedClientsHarmNeitherForwardingNorMemoryNorOthers() {
        try (Site site = new Site(new AtomicInteger(), "operator-load")) {
            NetNamespace lac = site.lac();
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), configuration()));
            Emulator emulator = new Emulator(site, lac, "lac", "--tunnels", "4", "--sessions", String.valueOf(SESSIONS),
                    "--first", "0", "--user", "user%d@example.net", "--hold", "600", "--core", Site.INTERNET + ":5001",
                    "--core-netns", site.net().name(), "--traffic", "up,512,pps=400,seconds=8", "--traffic",
                    "down,512,pps=400,seconds=8");
            lnsd.awaitOpen(SESSIONS);
            List<Long> memory = new ArrayList<>();
            Path socket = lnsd.configuration().resolveSibling("control.sock");
            for (int round = 0; round < ROUNDS; round++) {
                try (ControlCrowd crowd = new ControlCrowd(socket, CLIENTS)) {
                    crowd.askAll("show sessions --json", "show session " + LAST);
                    assertThat(crowd.answersOfTheOthers()).hasSize(CLIENTS / 2)
                            .allSatisfy(answer -> assertThat(answer).contains("\n user ").contains(LAST)
                                    .endsWith("\n=0"));
                    crowd.readOctetsOfTheSlow(3);
                    memory.add(memory(lnsd));
                }
            }
            assertThat(memory.getLast() - memory.getFirst()).as("octets of memory after each round: " + memory)
                    .isLessThan(GROWTH_OCTETS);
            assertThat(lnsd.sessions()).hasSize(SESSIONS);
            emulator.awaitFlows(2);
            assertThat(emulator.flows()).allSatisfy(flow -> assertThat(flow).contains("loss  0.000 %"));
        }
    }

    private static long memory(Lnsd lnsd) {
        return (Long) Json.object(Json.read(lnsd.control("show", "status", "--json").output())).get("memory-bytes");
    }

    private static String configuration() {
        StringBuilder text = new StringBuilder("""
                [[l2tp.peer]]
                name = "emulator"
                address = ["172.30.0.0/24"]
                [[pool]]
                name = "default"
                ipv4 = ["100.64.0.0/18"]
                """);
        for (int i = 0; i < SESSIONS; i++) {
            text.append("[[user]]\nname = \"user").append(i).append("@example.net\"\npassword = \"wonderland\"\n");
        }
        return text.toString();
    }
}

package org.lnsd.daemon.aaa.radius;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lnsd.daemon.aaa.AccessRequest;
import org.lnsd.daemon.aaa.AccessVerdict;
import org.lnsd.daemon.config.NodeConfig;
import org.lnsd.daemon.config.RadiusConfig;
import org.lnsd.daemon.config.RadiusServerConfig;
import org.lnsd.daemon.config.Secret;
import org.lnsd.radius.client.ServerStatistics;
import org.lnsd.system.FreeRadius;

/**
 * Many authentications over a way of 50 ms that loses one packet of twenty each way, against a real FreeRADIUS; 20,000 of them with
 * {@code -Dlnsd.authentications=20000}. Figures are in docs/RADIUS.md.
 */
@Tag("system")
class RadiusLoadTest {
    private static final int AUTHENTICATIONS = Integer.getInteger("lnsd.authentications", 2_000);
    private static final int IN_FLIGHT = 200;
    private static final long SEED = 20261122;
    private static final String USERS = "alice Cleartext-Password := \"wonderland\"\n";

    @TempDir
    Path folder;

    @Test
    void allSucceedAndNoMoreThanTheLimitAreUnderWay() throws Exception {
        int port = FreeRadiusTest.freePort();
        try (FreeRadius _ = FreeRadius.local(folder).at("127.0.0.1", port).users(USERS).quiet().start();
                LossyRelay relay = new LossyRelay(port, 25, 5, SEED);
                RadiusAaa aaa = aaa(Duration.ofSeconds(1), 8, List.of(relay.port()))) {
            long startNs = System.nanoTime();
            List<CompletableFuture<AccessVerdict>> verdicts = ask(aaa, AUTHENTICATIONS);
            for (CompletableFuture<AccessVerdict> verdict : verdicts) {
                assertThat(verdict.get(120, TimeUnit.SECONDS)).as("seed %d", SEED)
                        .isInstanceOf(AccessVerdict.Accept.class);
            }
            double seconds = (System.nanoTime() - startNs) / 1e9;
            assertThat(relay.mostUnanswered()).isGreaterThan(IN_FLIGHT / 2).isLessThanOrEqualTo(IN_FLIGHT);
            ServerStatistics server = await(aaa);
            System.out.printf("%d authentications in %.1f s, %.0f a second, at most %d in flight, %d retransmissions%n",
                    AUTHENTICATIONS, seconds, AUTHENTICATIONS / seconds, relay.mostUnanswered(),
                    server.retransmissions());
            assertThat(server.accepts()).isEqualTo(AUTHENTICATIONS);
            assertThat(server.badAuthenticators()).isZero();
        }
    }

    private static ServerStatistics await(RadiusAaa aaa) {
        return org.awaitility.Awaitility.await().atMost(10, TimeUnit.SECONDS)
                .until(() -> aaa.authenticationStatistics().getFirst(), s -> s.accepts() >= AUTHENTICATIONS);
    }

    // RadiusClientTest holds it to 3 s on a virtual clock
    @Test
    void theSecondServerTakesOverWhenTheFirstFallsSilent() throws Exception {
        int port = FreeRadiusTest.freePort();
        try (FreeRadius _ = FreeRadius.local(folder).at("127.0.0.1", port).users(USERS).quiet().start();
                LossyRelay first = new LossyRelay(port, 25, 0, SEED);
                LossyRelay second = new LossyRelay(port, 25, 0, SEED);
                RadiusAaa aaa = aaa(Duration.ofSeconds(3), 3, List.of(first.port(), second.port()))) {
            join(ask(aaa, 200));
            assertThat(second.mostUnanswered()).isZero();
            first.silence();
            long startNs = System.nanoTime();
            join(ask(aaa, 200));
            double seconds = (System.nanoTime() - startNs) / 1e9;
            System.out.printf("the second server has answered 200 requests %.2f s after the first fell silent%n",
                    seconds);
            assertThat(seconds).as("2 s of silence, and room for a slow machine").isLessThan(12);
            long afterNs = System.nanoTime();
            join(ask(aaa, 200));
            assertThat((System.nanoTime() - afterNs) / 1e9).as("the first is known to be dead").isLessThan(12);
        }
    }

    private static void join(List<CompletableFuture<AccessVerdict>> verdicts) throws Exception {
        for (CompletableFuture<AccessVerdict> verdict : verdicts) {
            assertThat(verdict.get(60, TimeUnit.SECONDS)).isInstanceOf(AccessVerdict.Accept.class);
        }
    }

    private static List<CompletableFuture<AccessVerdict>> ask(RadiusAaa aaa, int count) {
        List<CompletableFuture<AccessVerdict>> verdicts = new ArrayList<>();
        AccessRequest request = new AccessRequest(FreeRadiusTest.pap("alice", "wonderland"),
                FreeRadiusTest.identity());
        for (int i = 0; i < count; i++) {
            CompletableFuture<AccessVerdict> verdict = new CompletableFuture<>();
            aaa.authenticate(request, verdict::complete, Runnable::run);
            verdicts.add(verdict);
        }
        return verdicts;
    }

    private RadiusAaa aaa(Duration timeout, int attempts, List<Integer> ports) {
        List<RadiusServerConfig> servers = new ArrayList<>();
        for (int port : ports) {
            servers.add(new RadiusServerConfig("server-" + port, InetAddress.getLoopbackAddress(), port, 0,
                    Secret.of(FreeRadius.SECRET), 1, List.of(), false, IN_FLIGHT, Optional.empty()));
        }
        RadiusConfig usual = FreeRadiusTest.config(timeout, List.of(ports.getFirst()));
        RadiusConfig config = new RadiusConfig(usual.nasIpAddress(), usual.sourceAddress(), false, timeout, attempts,
                usual.interimInterval(), true, usual.policy(), usual.deadTime(), true, usual.spoolMaximumBytes(),
                servers, usual.users(), Optional.empty());
        return new RadiusAaa(config, new NodeConfig("lns-test", folder.resolve("state")), new SecureRandom());
    }
}

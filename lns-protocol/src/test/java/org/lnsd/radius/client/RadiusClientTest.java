package org.lnsd.radius.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lnsd.radius.client.SimulatedServers.server;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;
import org.lnsd.radius.RadiusCode;
import org.lnsd.radius.client.ClientEvent.DropReason;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The client against simulated servers on a virtual clock. */
class RadiusClientTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long SEED = 4711;

    // 20,000 requests at 50 ms and 5 % loss each way
    @Test
    void answersAllInSpiteOfLossAndNeverExceedsTheInFlightLimit() {
        SimulatedServers world = world(List.of(server("a", 1024, true), server("b", 1024, true)));
        world.latencyNs = 50_000_000;
        world.loss = 0.05;
        long startNs = world.nowNs;
        for (int i = 0; i < 20_000; i++) {
            world.submit(i, access());
            assertThat(world.client.statistics()).allMatch(server -> server.pending() <= 1024);
        }
        world.run(startNs + 60 * SECOND_NS);
        assertThat(world.failed).as("seed %d", SEED).isEmpty();
        assertThat(world.answered).hasSize(20_000).doesNotHaveDuplicates();
        assertThat(world.client.inFlight()).isZero();
        assertThat(world.leakedBytes()).isZero();
    }

    @Test
    void asksCarefullyAtFirstAndFasterWhileAnswersComeInTime() {
        SimulatedServers world = world(List.of(server("a", 16_384, true), server("b", 4096, true)));
        world.latencyNs = 50_000_000;
        for (int i = 0; i < 20_000; i++) {
            world.submit(i, access());
        }
        assertThat(world.client.inFlight()).as("a burst would overflow the server's socket").isEqualTo(128);
        world.run(world.nowNs + 2 * SECOND_NS);
        assertThat(world.answered).hasSize(20_000);
        assertThat(world.peakOutstanding).isGreaterThan(2_000);
        assertThat(world.askedServers).as("the order is kept").containsOnly(0);
    }

    @Test
    void asksLessWhereRequestsAreLost() {
        SimulatedServers world = world(List.of(server("a", 4096, true)));
        world.latencyNs = 50_000_000;
        world.loss = 0.5;
        for (int i = 0; i < 300; i++) {
            world.submit(i, access());
        }
        world.run(world.nowNs + 4 * SECOND_NS);
        world.loss = 0;
        world.run(world.nowNs + 60 * SECOND_NS);
        for (int i = 1_000; i < 2_000; i++) {
            world.submit(i, access());
        }
        assertThat(world.client.inFlight()).as("seed %d", SEED).isLessThan(300);
        world.run(world.nowNs + 60 * SECOND_NS);
        assertThat(world.client.inFlight()).isZero();
    }

    // A server that was asked twice answers twice; the second answer may find its identifier in use again
    @Test
    void aLateSecondAnswerIsNoForgery() {
        SimulatedServers world = world(List.of(server("a", 4096, true)));
        world.latencyNs = 50_000_000;
        world.loss = 0.2;
        for (int i = 0; i < 20_000; i++) {
            world.submit(i, access());
        }
        world.run(world.nowNs + 100 * SECOND_NS);
        assertThat(world.client.statistics().getFirst().badAuthenticators()).as("seed %d", SEED).isZero();
    }

    @Test
    void passesASilentServerOverWithinThreeSeconds() {
        SimulatedServers world = world(List.of(server("a", 1024, true), server("b", 1024, true)));
        world.silentServers.add(0);
        long startNs = world.nowNs;
        for (int i = 0; i < 100; i++) {
            world.submit(i, access());
        }
        world.run(startNs + 3 * SECOND_NS);
        assertThat(world.answered).hasSize(100);
        world.submit(100, access());
        long thenNs = world.nowNs;
        world.run(thenNs + SECOND_NS);
        assertThat(world.answeredAtNs.get(100) - thenNs).isLessThan(SECOND_NS / 10);
    }

    // RFC 5997: a dead server is probed and used again once it answers
    @Test
    void findsOutThatADeadServerIsBack() {
        SimulatedServers world = world(List.of(server("a", 1024, true), server("b", 1024, true)));
        world.silentServers.add(0);
        for (int i = 0; i < 3; i++) {
            world.submit(i, access());
        }
        world.run(world.nowNs + 5 * SECOND_NS);
        world.silentServers.clear();
        world.run(world.nowNs + 5 * SECOND_NS);
        assertThat(world.events).contains(new ClientEvent.ServerDead<>(0), new ClientEvent.ServerAlive<>(0));
        world.askedServers.clear();
        world.submit(9, access());
        world.run(world.nowNs + SECOND_NS);
        assertThat(world.askedServers).containsExactly(0);
    }

    // RFC 5080 section 2.2.1
    @Test
    void repeatsWithJitterAndGivesUpAfterTheLastAttempt() {
        SimulatedServers world = world(List.of(server("a", 1024, false)));
        world.silentServers.add(0);
        world.submit(1, access());
        world.run(world.nowNs + 60 * SECOND_NS);
        assertThat(world.askedServers).hasSize(3);
        assertThat(world.failed).containsExactly(1);
        assertThat(world.client.statistics().getFirst().retransmissions()).isEqualTo(2);
        assertThat(world.leakedBytes()).isZero();
    }

    // RFC 2866 section 5.2
    @Test
    void tellsTheDelayInEachTransmissionOfAccounting() {
        SimulatedServers world = world(List.of(server("a", 1024, false)));
        world.silentServers.add(0);
        world.submit(1, new RadiusRequest(RadiusCode.ACCOUNTING_REQUEST, List.of(), Optional.empty(),
                world.nowNs - 7 * SECOND_NS));
        world.run(world.nowNs + SECOND_NS);
        world.silentServers.clear();
        world.run(world.nowNs + 30 * SECOND_NS);
        assertThat(world.answered).containsExactly(1);
        assertThat(world.accounting).singleElement().satisfies(request -> assertThat(
                request.first(Attributes.ACCT_DELAY_TIME).orElseThrow().asInt().orElseThrow()).isBetween(9, 11));
    }

    // RFC 3579 section 3.2 and CVE-2024-3596
    @Test
    void dropsAnAnswerWithoutMessageAuthenticator() {
        SimulatedServers world = world(List.of(server("a", 1024, false)));
        world.signs = false;
        world.submit(1, access());
        world.run(world.nowNs + 60 * SECOND_NS);
        assertThat(world.failed).containsExactly(1);
        assertThat(world.events)
                .contains(new ClientEvent.Dropped<>(0, DropReason.MISSING_MESSAGE_AUTHENTICATOR));
        assertThat(world.client.statistics().getFirst().missingAuthenticators()).isEqualTo(3);
    }

    @Test
    void dropsForgedAnswersAndTakesTheTrueOne() {
        SimulatedServers world = world(List.of(server("a", 1024, false)));
        world.latencyNs = SECOND_NS;
        world.submit(1, access());
        for (int code = 0; code < 20; code++) {
            ByteBuf forged = Unpooled.buffer().writeByte(code).writeByte(0).writeShort(20).writeZero(16);
            world.inject(0, 0, forged);
        }
        world.inject(0, 0, Unpooled.buffer().writeZero(3));
        world.inject(0, 7, Unpooled.buffer().writeByte(2).writeByte(9).writeShort(20).writeZero(16));
        assertThat(world.answered).isEmpty();
        world.run(world.nowNs + 2 * SECOND_NS);
        assertThat(world.answered).containsExactly(1);
        ServerStatistics counted = world.client.statistics().getFirst();
        assertThat(counted.badAuthenticators()).isEqualTo(3);
        assertThat(counted.unknownTypes()).isEqualTo(17);
        assertThat(counted.malformed()).isEqualTo(1);
        assertThat(counted.packetsDropped()).isEqualTo(1);
    }

    @Test
    void countersGoOnWhereTheServerStays() {
        SimulatedServers former = world(List.of(server("stays", 1024, false), server("goes", 1024, false)));
        former.silentServers.add(0);
        former.submit(1, access());
        former.run(former.nowNs + 60 * SECOND_NS);
        assertThat(former.answered).containsExactly(1);
        SimulatedServers next = world(List.of(server("comes", 1024, false), server("stays", 1024, false)));
        next.client.countOnFrom(former.client);
        ServerStatistics before = former.client.statistics().getFirst();
        assertThat(before.timeouts()).isPositive();
        assertThat(next.client.statistics().getFirst().requests()).isZero();
        assertThat(next.client.statistics().getLast()).usingRecursiveComparison().ignoringFields("alive")
                .isEqualTo(before);
        former.silentServers.clear();
        former.submit(2, access());
        former.run(former.nowNs + 60 * SECOND_NS);
        assertThat(next.client.statistics().getLast().requests()).as("what still ends with the former one counts, too")
                .isEqualTo(former.client.statistics().getFirst().requests());
    }

    @Test
    void refusesWhatTheQueueCannotHold() {
        SimulatedServers world = world(List.of(server("a", 1, false)));
        for (int i = 0; i < 50_010; i++) {
            world.submit(i, access());
        }
        assertThat(world.failed).hasSize(9);
        world.latencyNs = 1000;
        world.run(world.nowNs + 5 * SECOND_NS);
        assertThat(world.answered).hasSize(50_001);
    }

    // Each request has exactly one outcome, also where the room of the only server is never free
    @Test
    void whatNoServerHadRoomForFailsInTime() {
        SimulatedServers world = world(List.of(server("a", 1, false)));
        world.silentServers.add(0);
        for (int i = 0; i < 20; i++) {
            world.submit(i, access());
        }
        assertThat(world.client.inFlight()).isEqualTo(1);
        assertThat(world.client.queued()).isEqualTo(19);
        world.run(world.nowNs + 120 * SECOND_NS);
        assertThat(world.failed).hasSize(20).doesNotHaveDuplicates();
        assertThat(world.answered).isEmpty();
        assertThat(world.client.inFlight() + world.client.queued()).isZero();
        assertThat(world.leakedBytes()).isZero();
    }

    @Test
    void givesUpAllAtOnceAndNamesThem() {
        SimulatedServers world = world(List.of(server("a", 128, true)));
        for (int i = 0; i < 300; i++) {
            world.client.submit(i, access(), -1L, world.nowNs);
        }
        assertThat(world.client.abandonAll()).hasSize(300).doesNotHaveDuplicates();
        assertThat(world.client.inFlight() + world.client.queued()).isZero();
        world.run(world.nowNs + 60 * SECOND_NS);
        assertThat(world.events).isEmpty();
        assertThat(world.leakedBytes()).isZero();
        world.submit(300, access());
        world.run(world.nowNs + SECOND_NS);
        assertThat(world.answered).as("it may be used on").containsExactly(300);
    }

    // RFC 4668: radiusAuthClientAccessAccepts, -Rejects, -Challenges
    @ParameterizedTest
    @CsvSource({"2,1,0,0", "3,0,1,0", "11,0,0,1"})
    void answersAreCountedByWhatTheySay(int code, long accepts, long rejects, long challenges) {
        SimulatedServers world = world(List.of(server("a", 128, true)));
        world.accessAnswer = new RadiusCode(code);
        world.submit(1, access());
        world.run(world.nowNs + SECOND_NS);
        assertThat(world.answered).containsExactly(1);
        ServerStatistics seen = world.client.statistics().getFirst();
        assertThat(List.of(seen.accepts(), seen.rejects(), seen.challenges())).containsExactly(accepts, rejects,
                challenges);
    }

    // Which servers may be asked is a bit each
    @ParameterizedTest
    @ValueSource(ints = {0, 65})
    void aGroupHasOneToSixtyFourServers(int count) {
        List<ServerSettings> servers = Collections.nCopies(count, server("a", 1, false));
        assertThatThrownBy(() -> world(servers)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 64");
        assertThatThrownBy(() -> server("a", 0, false)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in-flight limit 0");
    }

    @Test
    void sharesByWeight() {
        ServerSettings heavy = new ServerSettings("a", SimulatedServers.SECRET, 3, 1024, false, false, false);
        SimulatedServers world = new SimulatedServers(settings(ServerPolicy.ROUND_ROBIN),
                List.of(heavy, server("b", 1024, false)), new Random(SEED));
        for (int i = 0; i < 400; i++) {
            world.submit(i, access());
        }
        world.run(world.nowNs + SECOND_NS);
        assertThat(world.askedServers.stream().filter(server -> server == 0)).hasSize(300);
    }

    // RFC 6614: nothing waits for a connection that is gone
    @Test
    void movesOnWhenAConnectionBreaksAndAsksAgainWhenItIsBack() {
        ServerSettings stream = new ServerSettings("tls", SimulatedServers.SECRET, 1, 256, true, false, false);
        SimulatedServers world = world(List.of(stream));
        world.silentServers.add(0);
        world.submit(1, access());
        assertThat(world.askedServers).isEmpty();
        world.client.onConnected(0, world.nowNs);
        world.drain();
        world.run(world.nowNs + 10_000_000);
        assertThat(world.askedServers).containsExactly(0);
        world.client.onDisconnected(0, world.nowNs);
        world.silentServers.clear();
        world.client.onConnected(0, world.nowNs);
        world.drain();
        world.run(world.nowNs + SECOND_NS);
        assertThat(world.answered).containsExactly(1);
    }

    private static SimulatedServers world(List<ServerSettings> servers) {
        return new SimulatedServers(settings(ServerPolicy.ORDERED), servers, new Random(SEED));
    }

    private static ClientSettings settings(ServerPolicy policy) {
        return new ClientSettings(policy, 3 * SECOND_NS, 3, 30 * SECOND_NS, 30 * SECOND_NS, 2 * SECOND_NS, 50_000,
                true);
    }

    private static RadiusRequest access() {
        return new RadiusRequest(RadiusCode.ACCESS_REQUEST,
                List.of(RadiusAttribute.text(Attributes.USER_NAME, "alice@example.net")),
                Optional.of("secret".getBytes(java.nio.charset.StandardCharsets.US_ASCII)), 0);
    }
}

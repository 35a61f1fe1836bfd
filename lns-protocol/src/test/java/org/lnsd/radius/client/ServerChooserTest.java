package org.lnsd.radius.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lnsd.radius.RadiusCode;

/** Which server of a group is asked: only one that lives, is connected, has room and may be asked, in order or by weight. */
class ServerChooserTest {
    private static final long ALL = -1;

    private final List<Server<String>> servers = new ArrayList<>();

    private Server<String> server(int weight, int maximumInFlight, boolean stream) {
        Server<String> server = new Server<>(new ServerSettings("server-" + servers.size(), new byte[]{1}, weight,
                maximumInFlight, stream, false, false), servers.size());
        servers.add(server);
        return server;
    }

    private Server<String> server(int weight) { return server(weight, 1000, false); }

    private ServerChooser<String> chooser(ServerPolicy policy) { return new ServerChooser<>(servers, policy); }

    private static Slot<String> ask(Server<String> server) {
        return server.take(new Exchange<>("", new RadiusRequest(RadiusCode.ACCESS_REQUEST, List.of(), Optional.empty(),
                0), ALL, 0));
    }

    /** Which servers get so many requests, one after the other. */
    private List<Integer> spread(ServerPolicy policy, int requests) {
        ServerChooser<String> chooser = chooser(policy);
        return IntStream.range(0, requests).mapToObj(_ -> {
            Server<String> chosen = chooser.choose(ALL);
            assertThat(chosen).isNotNull();
            ask(chosen);
            return chosen.number;
        }).toList();
    }

    @Test
    void inOrderTheFirstThatLivesIsAsked() {
        Server<String> first = server(1);
        Server<String> second = server(1);
        assertThat(spread(ServerPolicy.ORDERED, 3)).containsOnly(0);
        first.alive = false;
        assertThat(chooser(ServerPolicy.ORDERED).choose(ALL)).isSameAs(second);
    }

    /** It would lose what is sent to it in a burst; the others are for when it is silent. */
    @Test
    void inOrderABusyServerIsWaitedFor() {
        Server<String> first = server(1);
        server(1);
        while (!first.isBusy()) {
            ask(first);
        }
        assertThat(chooser(ServerPolicy.ORDERED).choose(ALL)).isNull();
        assertThat(chooser(ServerPolicy.ROUND_ROBIN).choose(ALL)).isSameAs(servers.get(1));
        assertThat(chooser(ServerPolicy.LEAST_LOADED).choose(ALL)).isSameAs(servers.get(1));
    }

    @Test
    void inTurnWeightsAreKeptWithoutBursts() {
        server(3);
        server(1);
        server(2);
        assertThat(spread(ServerPolicy.ROUND_ROBIN, 12)).containsExactly(0, 2, 0, 1, 2, 0, 0, 2, 0, 1, 2, 0);
    }

    @Test
    void theLeastLoadedByWeightIsAsked() {
        server(1);
        server(3);
        assertThat(spread(ServerPolicy.LEAST_LOADED, 8)).containsExactly(0, 1, 1, 1, 0, 1, 1, 1);
        Slot<String> answered = ask(servers.get(0));
        servers.get(0).free(answered);
        servers.get(0).free(answered);
        assertThat(servers.get(0).inFlight()).as("an identifier is given back once").isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void nobodyElseIsAsked(ServerPolicy policy) {
        Server<String> dead = server(1);
        Server<String> full = server(1, 1, false);
        Server<String> unconnected = server(1, 10, true);
        Server<String> notEligible = server(1);
        dead.alive = false;
        ask(full);
        long candidates = ALL & ~(1L << notEligible.number);
        assertThat(chooser(policy).choose(candidates)).isNull();
        assertThat(chooser(policy).choose(ALL)).isSameAs(notEligible);
        assertThat(chooser(policy).anyUsable(candidates)).as("one that is full lives").isTrue();
        assertThat(chooser(policy).anyUsable(1L << dead.number | 1L << unconnected.number)).isFalse();
        assertThat(chooser(policy).chooseDead(candidates)).isSameAs(dead);
        assertThat(chooser(policy).chooseDead(1L << full.number | 1L << unconnected.number)).isNull();
        unconnected.connected = true;
        assertThat(chooser(policy).choose(candidates)).isSameAs(unconnected);
    }

    /** RFC 6613 section 2.6.1: a stream has a flow control of its own. */
    @Test
    void aStreamIsNeverBusy() {
        Server<String> stream = server(1, 200, true);
        stream.connected = true;
        for (int i = 0; i < 199; i++) {
            ask(stream);
        }
        assertThat(stream.isBusy()).isFalse();
        assertThat(stream.hasRoom()).isTrue();
        ask(stream);
        assertThat(stream.hasRoom()).isFalse();
    }
}

package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;

/** A server and a client on a perfect wire. */
class LinkPairTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static Wire wire(LinkSettings.Builder server, LinkSettings.Builder client) {
        return new Wire(Station.server(server, 1), Station.client(client, 1), 1, 0);
    }

    private static void start(Wire wire) {
        wire.server.link.start(wire.nowNs);
        wire.client.link.start(wire.nowNs);
    }

    // RFC 1661 section 3.2, RFC 1332 section 3, RFC 1877, RFC 5072
    @ParameterizedTest
    @EnumSource(AuthenticationProtocol.class)
    void opensWithEachAuthentication(AuthenticationProtocol authentication) {
        try (Wire wire = wire(LinkSettings.server().authentication(List.of(authentication)),
                LinkSettings.client("alice", "secret"))) {
            start(wire);
            wire.run(SECOND);
            assertThat(wire.server.all(LinkEvent.Ipv4Up.class)).hasSize(1);
            LinkEvent.Ipv4Up up = wire.client.all(LinkEvent.Ipv4Up.class).getFirst();
            assertThat(up.local().getHostAddress()).isEqualTo("203.0.113.7");
            assertThat(up.peer().getHostAddress()).isEqualTo("100.64.0.1");
            assertThat(up.dns()).extracting(a -> a.getHostAddress()).containsExactly("9.9.9.9", "149.112.112.112");
            LinkEvent.Ipv6Up six = wire.client.all(LinkEvent.Ipv6Up.class).getFirst();
            assertThat(wire.server.all(LinkEvent.Ipv6Up.class).getFirst())
                    .isEqualTo(new LinkEvent.Ipv6Up(six.peerInterfaceId(), six.localInterfaceId()));
            assertThat(wire.server.link.view().ipcp()).isEqualTo("Opened");
        }
    }

    // RFC 1334 section 2.2.2, RFC 1994 section 4.2, RFC 2759 section 6
    @ParameterizedTest
    @EnumSource(AuthenticationProtocol.class)
    void wrongPasswordEndsBothEnds(AuthenticationProtocol authentication) {
        try (Wire wire = wire(LinkSettings.server().authentication(List.of(authentication)),
                LinkSettings.client("alice", "wrong"))) {
            start(wire);
            wire.run(10 * SECOND);
            assertThat(wire.server.all(LinkEvent.Down.class)).extracting(d -> d.cause().reason())
                    .containsExactly(DownCause.Reason.AUTHENTICATION_FAILED);
            assertThat(wire.client.all(LinkEvent.Down.class)).extracting(d -> d.cause().reason())
                    .containsExactly(DownCause.Reason.AUTHENTICATION_FAILED);
            assertThat(wire.server.saw(LinkEvent.Ipv4Up.class)).isFalse();
        }
    }

    // RFC 1661 section 6.2: the peer's Nak chooses among those allowed
    @Test
    void fallsBackToWhatThePeerCan() {
        try (Wire wire = wire(
                LinkSettings.server().authentication(
                        List.of(AuthenticationProtocol.MSCHAPV2, AuthenticationProtocol.CHAP_MD5,
                                AuthenticationProtocol.PAP)),
                LinkSettings.client("alice", "secret").authentication(List.of(AuthenticationProtocol.PAP)))) {
            start(wire);
            wire.run(SECOND);
            assertThat(wire.server.all(LinkEvent.LcpOpened.class).getFirst().agreement().authentication())
                    .contains(AuthenticationProtocol.PAP);
            assertThat(wire.server.saw(LinkEvent.Ipv4Up.class)).isTrue();
        }
    }

    @Test
    void noCommonAuthenticationEndsTheLink() {
        try (Wire wire = wire(LinkSettings.server().authentication(List.of(AuthenticationProtocol.CHAP_MD5)),
                LinkSettings.client("alice", "secret").authentication(List.of(AuthenticationProtocol.PAP)))) {
            start(wire);
            wire.run(20 * SECOND);
            assertThat(wire.server.all(LinkEvent.Down.class)).extracting(d -> d.cause().disconnectCode())
                    .containsExactly(15);
        }
    }

    // RFC 1661 section 5.5
    @Test
    void closeFromEitherSideEndsBoth() {
        for (boolean fromServer : new boolean[]{true, false}) {
            try (Wire wire = wire(LinkSettings.server(), LinkSettings.client("alice", "secret"))) {
                start(wire);
                wire.run(SECOND);
                (fromServer ? wire.server : wire.client).link.close("bye", wire.nowNs);
                wire.run(SECOND);
                Station closing = fromServer ? wire.server : wire.client;
                Station other = fromServer ? wire.client : wire.server;
                assertThat(closing.all(LinkEvent.Down.class)).extracting(d -> d.cause().reason())
                        .containsExactly(DownCause.Reason.LOCAL_CLOSE);
                assertThat(other.all(LinkEvent.Down.class)).extracting(d -> d.cause().reason())
                        .containsExactly(DownCause.Reason.PEER_CLOSE);
                assertThat(wire.server.openLayers()).isZero();
                assertThat(wire.client.openLayers()).isZero();
            }
        }
    }

    // the peer starts late: our first request is repeated when the peer's comes (RFC 1661 section 4.6 leaves the timer to us)
    @Test
    void lateStarterIsUpAtOnce() {
        try (Wire wire = wire(LinkSettings.server(), LinkSettings.client("alice", "secret"))) {
            wire.server.link.start(wire.nowNs);
            wire.run(100 * Wire.MILLISECOND);
            wire.client.link.start(wire.nowNs);
            wire.run(100 * Wire.MILLISECOND);
            assertThat(wire.server.saw(LinkEvent.Ipv4Up.class)).isTrue();
            assertThat(wire.client.all(LinkEvent.LcpOpened.class)).hasSize(1);
        }
    }

    // RFC 1661 section 5.8
    @Test
    void silentPeerIsFoundDead() {
        try (Wire wire = wire(LinkSettings.server().echoIntervalNs(SECOND).echoFailures(3),
                LinkSettings.client("alice", "secret").echoIntervalNs(0))) {
            start(wire);
            wire.run(20 * SECOND);
            assertThat(wire.server.saw(LinkEvent.Down.class)).isFalse();
            wire.client.link.lowerDown(wire.nowNs);
            wire.run(6 * SECOND);
            assertThat(wire.server.all(LinkEvent.Down.class)).extracting(d -> d.cause().disconnectCode())
                    .containsExactly(8);
        }
    }

    @Test
    void noEchoWhileTrafficFlows() {
        try (Wire wire = wire(LinkSettings.server().echoIntervalNs(SECOND).echoFailures(3),
                LinkSettings.client("alice", "secret").echoIntervalNs(0))) {
            start(wire);
            wire.run(SECOND / 2);
            int before = wire.server.sent.size();
            for (int tick = 0; tick < 100; tick++) {
                wire.server.link.onTrafficSeen(wire.nowNs);
                wire.run(SECOND / 10);
            }
            assertThat(wire.server.sent).hasSize(before);
        }
    }

    // RFC 1994 section 2: repeated at any time, IP goes on
    @Test
    void reauthenticationKeepsTheNetwork() {
        try (Wire wire = wire(LinkSettings.server().reauthenticationIntervalNs(5 * SECOND),
                LinkSettings.client("alice", "secret"))) {
            start(wire);
            wire.run(12 * SECOND);
            assertThat(wire.server.all(LinkEvent.AuthenticationRequested.class)).hasSize(3);
            assertThat(wire.server.openLayers()).isEqualTo(2);
            wire.server.password = "changed";
            wire.run(6 * SECOND);
            assertThat(wire.server.all(LinkEvent.Down.class)).extracting(d -> d.cause().disconnectCode())
                    .containsExactly(16);
        }
    }
}

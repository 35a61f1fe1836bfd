package org.lnsd.l2tp.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lnsd.l2tp.avp.Secret;
import org.lnsd.l2tp.tunnel.TunnelSettings.Builder;

/** What a control connection may be told, and what RFC 2661 says where it is told nothing. */
class TunnelSettingsTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private static Builder builder() { return TunnelSettings.builder("lns.example.net"); }

    private static Arguments refused(String message, UnaryOperator<Builder> change) {
        return Arguments.of(message, change);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("vendor name length 256, allowed is at most 255", b -> b.vendorName("x".repeat(256))),
                refused("receive window 0, allowed is 1 to 32767", b -> b.receiveWindow(0)),
                refused("receive window 32768, allowed is 1 to 32767", b -> b.receiveWindow(32_768)),
                refused("initial retransmission timeout 0, allowed is more than 0", b -> b.retransmit(0, 1, 1)),
                refused("maximum retransmission timeout 4, allowed is at least 5", b -> b.retransmit(5, 4, 1)),
                refused("retransmission attempts 0, allowed is at least 1", b -> b.retransmit(1, 1, 0)),
                refused("maximum sessions -1, allowed is 0 to 65000", b -> b.maximumSessions(-1)),
                refused("maximum sessions 65001, allowed is 0 to 65000", b -> b.maximumSessions(65_001)));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsOutOfBoundsIsRefusedWithItsLimit(String message, UnaryOperator<Builder> change) {
        assertThatThrownBy(() -> change.apply(builder()).build()).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> taken() {
        return Stream.of(Arguments.of((UnaryOperator<Builder>) b -> b.vendorName("")),
                Arguments.of((UnaryOperator<Builder>) b -> b.receiveWindow(1)),
                Arguments.of((UnaryOperator<Builder>) b -> b.receiveWindow(32_767)),
                Arguments.of((UnaryOperator<Builder>) b -> b.retransmit(1, 1, 1)),
                Arguments.of((UnaryOperator<Builder>) b -> b.maximumSessions(0)),
                Arguments.of((UnaryOperator<Builder>) b -> b.maximumSessions(65_000)));
    }

    @ParameterizedTest
    @MethodSource("taken")
    void limitsThemselvesAreTaken(UnaryOperator<Builder> change) {
        assertThatCode(() -> change.apply(builder()).build()).doesNotThrowAnyException();
    }

    // RFC 2661 section 4.4.3: a Host Name has at least one octet; section 4.1: an AVP has at most 1,023
    @Test
    void theHostNameIsCountedInOctets() {
        assertThatThrownBy(() -> TunnelSettings.builder("").build())
                .hasMessage("host name length 0, allowed is 1 to 1000");
        assertThatCode(() -> TunnelSettings.builder("é".repeat(500)).build()).doesNotThrowAnyException();
        assertThatThrownBy(() -> TunnelSettings.builder("é".repeat(501)).build())
                .hasMessageContaining("host name length 1002");
    }

    // RFC 2661 section 5.1.1: who challenges must be able to verify
    @Test
    void aChallengeNeedsASecret() {
        TunnelSettings without = builder().build();
        assertThat(without.challengePeer()).isFalse();
        assertThatThrownBy(() -> new TunnelSettings(without.hostName(), "", 0, 3, 3, 4, 1, 1, 1, 0, 1, 1, 1, 1,
                Optional.empty(), true, false, false, 1, false)).hasMessageContaining("challenge without secret");
        assertThat(builder().secret(Secret.of("s3cret"), true).build().challengePeer()).isTrue();
        assertThat(builder().secret(Secret.of("s3cret"), false).build().challengePeer()).isFalse();
    }

    // RFC 2661 sections 5.8 (1 s, at least 8 s, 5 times), 6.5 (60 s) and 5.7 (a full cycle of retransmissions: 31 s)
    @Test
    void defaultsAreThoseOfTheRfc() {
        TunnelSettings settings = builder().build();
        assertThat(settings.retransmitInitialNs()).isEqualTo(SECOND_NS);
        assertThat(settings.retransmitMaximumNs()).isEqualTo(8 * SECOND_NS);
        assertThat(settings.retransmitAttempts()).isEqualTo(5);
        assertThat(settings.helloIntervalNs()).isEqualTo(60 * SECOND_NS);
        assertThat(settings.retentionNs()).isEqualTo(31 * SECOND_NS);
        assertThat(settings.receiveWindow()).isGreaterThanOrEqualTo(4);
        assertThat(settings.sendTieBreaker()).isFalse();
        assertThat(settings.hideAvps()).isFalse();
    }
}

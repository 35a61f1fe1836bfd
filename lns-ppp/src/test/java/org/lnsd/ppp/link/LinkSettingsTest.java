package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.link.LinkSettings.Builder;

/** What a link may be told, and what RFC 1661 section 4.6 recommends where it is told nothing. */
class LinkSettingsTest {
    private static Arguments change(String message, UnaryOperator<Builder> change) {
        return Arguments.of(message, change);
    }

    static Stream<Arguments> refused() {
        return Stream.of(change("mru out of range: 67", b -> b.mru(67)),
                change("mru out of range: 65536", b -> b.mru(65_536)),
                change("echoIntervalNs out of range: -1", b -> b.echoIntervalNs(-1)),
                change("echoFailures out of range: 0", b -> b.echoFailures(0)),
                change("restartTimerNs out of range: 0", b -> b.restartTimerNs(0)),
                change("maxConfigure out of range: 0", b -> b.maxConfigure(0)),
                change("maxTerminate out of range: 0", b -> b.maxTerminate(0)),
                change("maxFailure out of range: 0", b -> b.maxFailure(0)),
                change("mrru out of range: 1499", b -> b.mrru(1499)),
                change("mrru out of range: 65536", b -> b.mrru(65_536)),
                change("endpointDiscriminator octets out of range: 22",
                        b -> b.endpointDiscriminator(Collections.nCopies(22, (byte) 1))));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsOutOfRangeIsRefused(String message, UnaryOperator<Builder> change) {
        assertThatThrownBy(() -> change.apply(LinkSettings.server()).build())
                .isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    // RFC 1990 sections 5.1.1 and 5.1.3: an MRRU is at least 1500, an endpoint discriminator has a class and up to 20 octets
    static Stream<Arguments> taken() {
        return Stream.of(change("smallest MRU of IP", b -> b.mru(68)), change("largest MRU", b -> b.mru(65_535)),
                change("no echoes", b -> b.echoIntervalNs(0)), change("no multilink", b -> b.mrru(0)),
                change("smallest MRRU", b -> b.mrru(1500)), change("largest MRRU", b -> b.mrru(65_535)),
                change("longest endpoint", b -> b.endpointDiscriminator(Collections.nCopies(21, (byte) 1))));
    }

    @ParameterizedTest
    @MethodSource("taken")
    void limitsThemselvesAreTaken(String what, UnaryOperator<Builder> change) {
        assertThatCode(() -> change.apply(LinkSettings.server()).build()).as(what).doesNotThrowAnyException();
    }

    // RFC 1661 section 4.6
    @Test
    void countersAreThoseOfTheRfc() {
        LinkSettings settings = LinkSettings.server().build();
        assertThat(settings.restartTimerNs()).isEqualTo(3_000_000_000L);
        assertThat(settings.maxConfigure()).isEqualTo(10);
        assertThat(settings.maxTerminate()).isEqualTo(2);
        assertThat(settings.maxFailure()).isEqualTo(5);
        assertThat(settings.mru()).isEqualTo(1500);
    }

    // RFC 1994 section 1: what keeps the password off the line comes first
    @Test
    void aServerAsksForTheStrongerProtocolFirst() {
        assertThat(LinkSettings.server().build().authentication())
                .isEqualTo(List.of(AuthenticationProtocol.CHAP_MD5, AuthenticationProtocol.PAP));
        assertThat(LinkSettings.client("alice", "secret").build().authentication())
                .contains(AuthenticationProtocol.values());
    }
}

package org.lnsd.ppp.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 2759 section 6, RFC 2548 section 2.1.5. */
class MsChapV2FailureTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "E=691 R=1 C=00112233445566778899AABBCCDDEEFF V=3 M=Authentication rejected | 691 | Authentication rejected",
            "E=647 R=0 M=Account disabled | 647 | Account disabled", "E=646 R=0 | 646 | authentication failed",
            "E=649 | 649 | authentication failed", "E=648 M=Expired M=twice | 648 | Expired M=twice",
            "E=691 R=0 C=AA V=3 M= | 691 | authentication failed", "wrong user name | 691 | wrong user name",
            "E=abc M=no number | 691 | E=abc M=no number", "E=12345678901 | 691 | E=12345678901",
            "'' | 691 | authentication failed"})
    void readsWhatAServerSaid(String said, int error, String message) {
        assertThat(MsChapV2Failure.of(said)).isEqualTo(new MsChapV2Failure(error, message));
    }

    @Test
    void theTextAllowsNoRetry() {
        assertThat(new MsChapV2Failure(691, "no").text(new byte[16]))
                .isEqualTo("E=691 R=0 C=" + "0".repeat(32) + " V=3 M=no");
    }
}

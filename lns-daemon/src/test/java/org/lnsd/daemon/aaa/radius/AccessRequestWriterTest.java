package org.lnsd.daemon.aaa.radius;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lnsd.daemon.aaa.SubscriberCredentials;

/** What a LAC may pass on in proxy AVPs is longer than what RADIUS has room for (RFC 2661 section 4.4.5, RFC 2865 section 5). */
class AccessRequestWriterTest {
    @Test
    void whatWouldHaveToBeCutIsRefused() { // RFC 2865 sections 5.1, 5.2, 5.40
        assertThat(AccessRequestWriter.fits(new SubscriberCredentials.Pap("u".repeat(253), new byte[128]))).isTrue();
        assertThat(AccessRequestWriter.fits(new SubscriberCredentials.Pap("u".repeat(254), new byte[8]))).isFalse();
        assertThat(AccessRequestWriter.fits(new SubscriberCredentials.Pap("u", new byte[129]))).isFalse();
        assertThat(AccessRequestWriter.fits(new SubscriberCredentials.Chap("u", 1, new byte[253], new byte[16])))
                .isTrue();
        assertThat(AccessRequestWriter.fits(new SubscriberCredentials.Chap("u", 1, new byte[254], new byte[16])))
                .isFalse();
        assertThat(AccessRequestWriter.fits(new SubscriberCredentials.Chap("u", 1, new byte[16], new byte[253])))
                .isFalse();
    }
}

package org.lnsd.daemon.aaa.radius;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lnsd.daemon.aaa.SubscriberCredentials;

/** What a LAC may pass on in proxy AVPs is longer than what RADIUS has room for (RFC 2661 section 4.4.5, RFC 2865 section 5). */
class AccessRequestWriterTest {
    @Test
    void whatWouldHaveToBeCutIsRefused() { // RFC 2865 sections 5.1, 5.2, 5.40
        assertTaken(new SubscriberCredentials.Pap("u".repeat(253), new byte[128]));
        assertRefused(new SubscriberCredentials.Pap("u".repeat(254), new byte[8]));
        assertRefused(new SubscriberCredentials.Pap("u", new byte[129]));
        assertTaken(new SubscriberCredentials.Chap("u", 1, new byte[253], new byte[16]));
        assertRefused(new SubscriberCredentials.Chap("u", 1, new byte[254], new byte[16]));
        assertRefused(new SubscriberCredentials.Chap("u", 1, new byte[16], new byte[253]));
    }

    // A User-Name of no octets may not be sent; a server that drops the request would be taken for dead
    @Test
    void whoGivesNoNameIsNotAskedAbout() { // RFC 2865 section 5
        assertRefused(new SubscriberCredentials.Pap("", new byte[8]));
        assertRefused(new SubscriberCredentials.Chap("", 1, new byte[16], new byte[16]));
        assertRefused(new SubscriberCredentials.MsChapV2("", 1, new byte[16], new byte[16], new byte[24], 0));
        assertTaken(new SubscriberCredentials.Pap("u", new byte[0]));
    }

    private static void assertTaken(SubscriberCredentials credentials) {
        assertThat(AccessRequestWriter.objection(credentials)).isEmpty();
    }

    private static void assertRefused(SubscriberCredentials credentials) {
        assertThat(AccessRequestWriter.objection(credentials)).isPresent();
    }
}

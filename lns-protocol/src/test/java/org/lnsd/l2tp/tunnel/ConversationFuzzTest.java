package org.lnsd.l2tp.tunnel;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * A whole conversation as octets: settings, then messages right and wrong, commands of the shell and time that passes, for either end of a
 * tunnel. Nothing is thrown, all stays bounded, and in the end the tunnel is forgotten. Fuzzes with JAZZER_FUZZ=1.
 */
class ConversationFuzzTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @FuzzTest(maxDuration = "1h")
    void lns(byte[] octets) { converse(octets, false); }

    @FuzzTest(maxDuration = "1h")
    void lac(byte[] octets) { converse(octets, true); }

    private static void converse(byte[] octets, boolean initiator) {
        FuzzedTunnel talk = new FuzzedTunnel(octets, initiator);
        talk.begin();
        while (talk.hasMore()) {
            talk.step();
        }
        // Nobody answers any more: HELLO or a repetition finds it out, at the latest after the retention (RFC 2661 sections 5.5, 5.7, 5.8).
        talk.pass(200 * SECOND_NS);
        talk.requireForgotten();
    }
}

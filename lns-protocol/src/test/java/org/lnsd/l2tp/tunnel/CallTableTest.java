package org.lnsd.l2tp.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.l2tp.message.MessageType;

/** Every cell of the tables of RFC 2661 sections 7.4.1, 7.4.2, 7.5.1 and 7.5.2 for received messages. */
class CallTableTest {
    // Letters: A answer, C connect, I inform, U clean up, D disconnect, - ignore.
    @ParameterizedTest
    @CsvSource(textBlock = """
            # role,        state,          OCRQ, OCRP, OCCN, ICRQ, ICRP, ICCN, CDN, WEN, SLI
            LAC_INCOMING,  WAIT_REPLY,     D,    D,    D,    D,    A,    U,    U,   -,   -
            LAC_INCOMING,  ANSWERED,       D,    D,    D,    D,    D,    D,    U,   -,   -
            LAC_INCOMING,  ESTABLISHED,    D,    D,    D,    D,    D,    D,    U,   -,   I
            LNS_INCOMING,  WAIT_DECISION,  D,    D,    D,    D,    D,    D,    U,   -,   -
            LNS_INCOMING,  WAIT_CONNECT,   D,    D,    D,    D,    D,    C,    U,   -,   -
            LNS_INCOMING,  ESTABLISHED,    D,    D,    D,    D,    D,    D,    U,   I,   -
            LAC_OUTGOING,  WAIT_DECISION,  D,    D,    D,    D,    D,    D,    U,   -,   -
            LAC_OUTGOING,  WAIT_CS_ANSWER, D,    D,    D,    D,    D,    D,    U,   -,   -
            LAC_OUTGOING,  ESTABLISHED,    D,    D,    D,    D,    D,    D,    U,   -,   I
            LNS_OUTGOING,  WAIT_REPLY,     D,    A,    D,    D,    D,    D,    U,   -,   -
            LNS_OUTGOING,  WAIT_CONNECT,   D,    D,    C,    D,    D,    D,    U,   -,   -
            LNS_OUTGOING,  ESTABLISHED,    D,    D,    D,    D,    D,    D,    U,   I,   -
            """)
    void everyCell(CallRole role, CallState state, String ocrq, String ocrp, String occn, String icrq, String icrp,
            String iccn, String cdn, String wen, String sli) {
        MessageType[] types = {MessageType.OCRQ, MessageType.OCRP, MessageType.OCCN, MessageType.ICRQ,
                MessageType.ICRP, MessageType.ICCN, MessageType.CDN, MessageType.WEN, MessageType.SLI};
        String[] letters = {ocrq, ocrp, occn, icrq, icrp, iccn, cdn, wen, sli};
        for (int index = 0; index < types.length; index++) {
            assertThat(letter(CallTable.react(role, state, types[index]))).as(types[index].name())
                    .isEqualTo(letters[index]);
        }
    }

    private static String letter(CallReaction reaction) {
        return switch (reaction) {
            case ANSWER -> "A";
            case CONNECT -> "C";
            case INFORM -> "I";
            case CLEAN_UP -> "U";
            case DISCONNECT -> "D";
            case IGNORE -> "-";
        };
    }
}

package org.lnsd.l2tp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.lnsd.l2tp.avp.Octets;

/** What a SLI carries: RFC 2661 section 6.14, RFC 3437 section 2.3. */
class LinkInfoTest {
    private static final Octets SENT = Octets.of((byte) 1, (byte) 4, (byte) 5, (byte) 0xd4);
    private static final Octets RECEIVED = Octets.of((byte) 2, (byte) 6, (byte) 0, (byte) 0, (byte) 0, (byte) 0);

    private static String hex(LinkInfo info) {
        return HexFormat.of().formatHex(MessageEncoder.plain().encode(new Sli(info), 1, 2));
    }

    @Test
    void theOptionsStandBehindTheAccmWithoutTheMBit() {
        assertThat(hex(LinkInfo.of(0, -1).withOptions(SENT, RECEIVED))).endsWith("8010" + "00000023" + "0000"
                + "00000000" + "ffffffff" + "000a" + "00000033" + "010405d4" + "000c" + "00000034" + "020600000000");
        assertThat(hex(LinkInfo.of(0, -1))).endsWith("00000000" + "ffffffff");
    }

    @Test
    void emptyOptionsAreTold() {
        LinkInfo info = LinkInfo.of(1, 2).withOptions(Octets.EMPTY, SENT);
        assertThat(info.lnsLastSent()).contains(Octets.EMPTY);
        assertThat(hex(info)).contains("000600000033" + "000a00000034");
    }

    @Test
    void optionsThatNoAvpCanCarryAreLeftOutRatherThanCut() {
        assertThat(LinkInfo.of(1, 2).withOptions(SENT, Octets.of(new byte[1001])).lnsLastReceived()).isEmpty();
        assertThat(LinkInfo.of(1, 2).withOptions(SENT, Octets.of(new byte[1000])).lnsLastReceived()).isPresent();
    }
}

package org.lnsd.ppp.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Address, control and protocol fields: RFC 1661 sections 2, 6.5 and 6.6. */
class FrameHeaderTest {
    // Every form is understood, whatever was agreed; what is left is the information field
    @ParameterizedTest
    @CsvSource({"ff03c02101,c021,01", "c02101,c021,01", "ff03002145,21,45", "002145,21,45", "ff032145,21,45",
            "2145,21,45",
            "ff030057,57,''", "57,57,''", "ff03c021,c021,''", "003d80,3d,80", "80fc01,80fc,01", "ff0380fd,80fd,''",
            "ff,ff,''", "ff0380,-1,''", "ff03,-1,''", "c0,-1,''", "00,-1,''", "'',-1,''", "03ff,3,ff"})
    void everyFormIsUnderstood(String frame, String protocol, String information) {
        ByteBuf octets = Unpooled.wrappedBuffer(HexFormat.of().parseHex(frame));
        int expected = protocol.equals("-1") ? FrameHeader.MALFORMED : Integer.parseInt(protocol, 16);
        assertThat(FrameHeader.readProtocol(octets)).isEqualTo(expected);
        if (expected != FrameHeader.MALFORMED) {
            assertThat(ByteBufUtil.hexDump(octets)).isEqualTo(information);
        }
    }

    // RFC 1661 section 6.5: what is written of control frames is never compressed, so every end reads it
    @Test
    void whatIsWrittenIsReadAgain() {
        for (int protocol : new int[]{PppProtocol.LCP, PppProtocol.PAP, PppProtocol.CHAP, PppProtocol.IPCP,
                PppProtocol.IPV6CP, PppProtocol.MULTILINK}) {
            for (boolean addressControl : new boolean[]{true, false}) {
                ByteBuf frame = Unpooled.buffer();
                FrameHeader.write(frame, protocol, addressControl);
                assertThat(frame.readableBytes()).isEqualTo(addressControl ? 4 : 2);
                assertThat(FrameHeader.readProtocol(frame)).isEqualTo(protocol);
                assertThat(frame.isReadable()).isFalse();
            }
        }
    }

    @Test
    void protocolsHaveTheirUsualNames() {
        assertThat(PppProtocol.name(PppProtocol.IPV6CP)).isEqualTo("IPv6CP");
        assertThat(PppProtocol.name(0x0123)).isEqualTo("0x0123");
    }
}

package org.lnsd.l2tp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.l2tp.header.ControlHeader;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/** StopCCN of an LNS that keeps no state for it: RFC 2661 sections 4.4.2, 5.7 and 5.8. */
class StatelessReplyTest {
    private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

    private static StopCcn stopCcn(ByteBuf datagram) {
        Decoded decoded = new MessageDecoder(null, true).decode(datagram, ControlHeader.LENGTH_BYTES,
                datagram.readableBytes() - ControlHeader.LENGTH_BYTES);
        return (StopCcn) ((Decoded.Message) decoded).message();
    }

    // section 5.8: Nr acknowledges the SCCRQ, modulo 65536; Ns is that of a first message
    @ParameterizedTest
    @CsvSource({"0, 1", "7, 8", "65535, 0"})
    void aRefusalAcknowledgesTheRequest(int requestNs, int expectedNr) {
        ByteBuf datagram = StatelessReply.stopCcn(ALLOCATOR,
                new SccrqPeek.Request("lac", 4711, requestNs, Optional.empty()), 99, ResultCode.STOP_NOT_AUTHORIZED,
                ErrorCode.NONE, "no peer of that name");
        assertThat(ControlHeader.read(datagram))
                .isEqualTo(new ControlHeader(datagram.readableBytes(), 4711, 0, 0, expectedNr));
        assertThat(stopCcn(datagram)).isEqualTo(
                new StopCcn(99, ResultCode.STOP_NOT_AUTHORIZED, ErrorCode.NONE, "no peer of that name"));
        datagram.release();
    }

    // section 5.8: the numbers go on where the lost tunnel stood, or the peer would drop it as a duplicate
    @ParameterizedTest
    @CsvSource({"3, 5, 5, 4", "65535, 65535, 65535, 0"})
    void aResetContinuesTheNumbersOfThePeer(int heardNs, int heardNr, int expectedNs, int expectedNr) {
        ByteBuf datagram = StatelessReply.reset(ALLOCATOR, new ControlHeader(20, 12, 0, heardNs, heardNr), 4711,
                "restarted");
        assertThat(ControlHeader.read(datagram))
                .isEqualTo(new ControlHeader(datagram.readableBytes(), 4711, 0, expectedNs, expectedNr));
        assertThat(stopCcn(datagram))
                .isEqualTo(new StopCcn(12, ResultCode.STOP_CLEAR, ErrorCode.NONE, "restarted"));
        datagram.release();
    }
}

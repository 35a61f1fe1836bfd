package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.lnsd.ppp.fsm.Code;

/** One end of the authentication phase (RFC 1661 section 3.5). */
abstract class Authentication {
    final LinkContext link;
    long deadlineNs = Long.MAX_VALUE;
    int attemptsLeft;

    Authentication(LinkContext link) { this.link = link; }

    /** Borrows a packet of PAP or CHAP, reader index at the code; what is no packet is dropped. */
    final void onPacket(int protocol, ByteBuf packet, long nowNs) {
        if (packet.readableBytes() < Code.HEADER_BYTES) {
            return;
        }
        int start = packet.readerIndex();
        int length = packet.getUnsignedShort(start + 2);
        if (length < Code.HEADER_BYTES || length > packet.readableBytes()) {
            return;
        }
        ByteBuf body = packet.slice(start + Code.HEADER_BYTES, length - Code.HEADER_BYTES);
        onPacket(protocol, packet.getUnsignedByte(start), packet.getUnsignedByte(start + 1), body, nowNs);
    }

    abstract void onPacket(int protocol, int code, int id, ByteBuf body, long nowNs);

    /** Returns whether proof by that PPP protocol is outstanding. */
    abstract boolean isOutstanding(int protocol);

    /** LCP is no longer open. */
    abstract void reset();

    abstract void onTimeout(long nowNs);

    final void startTimer(long nowNs) { deadlineNs = nowNs + link.settings().restartTimerNs(); }

    final void stopTimer() { deadlineNs = Long.MAX_VALUE; }

    /** Sends octets, each part with a length octet in front where {@code counted}. */
    final void send(int protocol, int code, int id, byte[] body) {
        ByteBuf frame = link.newFrame(protocol, Code.HEADER_BYTES + body.length);
        frame.writeByte(code);
        frame.writeByte(id);
        frame.writeShort(Code.HEADER_BYTES + body.length);
        frame.writeBytes(body);
        link.transmit(frame);
    }

    /** Returns the octets with their count in front; cut to 255. */
    static byte[] counted(byte[] octets) {
        int count = Math.min(octets.length, 255);
        byte[] counted = new byte[count + 1];
        counted[0] = (byte) count;
        System.arraycopy(octets, 0, counted, 1, count);
        return counted;
    }

    static byte[] concatenated(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    static byte[] utf8(String text) { return text.getBytes(StandardCharsets.UTF_8); }
}

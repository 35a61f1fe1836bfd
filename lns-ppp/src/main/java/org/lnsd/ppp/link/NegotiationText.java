package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.lnsd.ppp.frame.FrameHeader;
import org.lnsd.ppp.frame.PppProtocol;
import org.lnsd.ppp.fsm.Code;
import org.lnsd.ppp.option.Option;
import org.lnsd.ppp.option.Options;

/**
 * Control frames for the flight recorder: a short excerpt is kept of each, and put into words when somebody asks. Passwords and
 * responses are not even kept.
 *
 * <p>An excerpt is the protocol (2 octets), the length of the packet (2 octets), and its beginning: the whole packet for
 * Configure messages of a usual size and for what the peer says of itself (RFC 1570 section 2), otherwise code, identifier and length.
 */
public final class NegotiationText {
    private static final int EXCERPT_HEADER_BYTES = 4;
    private static final int MAXIMUM_PACKET_BYTES = 124;
    private static final int MAGIC_BYTES = 4;
    private static final int SECONDS_BYTES = 4;
    private static final int MALFORMED = 0;

    private NegotiationText() {}

    /** Borrows a whole frame. */
    static LinkEvent.Negotiation excerpt(ByteBuf frame, LinkEvent.Direction direction) {
        int start = frame.readerIndex();
        int protocol = FrameHeader.readProtocol(frame);
        int packetBytes = frame.readableBytes();
        int kept = keptBytes(protocol, frame);
        byte[] excerpt = new byte[EXCERPT_HEADER_BYTES + kept];
        int named = protocol == FrameHeader.MALFORMED ? MALFORMED : protocol;
        excerpt[0] = (byte) (named >>> 8);
        excerpt[1] = (byte) named;
        excerpt[2] = (byte) (packetBytes >>> 8);
        excerpt[3] = (byte) packetBytes;
        frame.getBytes(frame.readerIndex(), excerpt, EXCERPT_HEADER_BYTES, kept);
        frame.readerIndex(start);
        return new LinkEvent.Negotiation(direction, excerpt);
    }

    /** Returns whether a frame is part of a negotiation: echoes, which come all day long, are not. Borrows a whole frame. */
    static boolean isWorthRecording(ByteBuf frame) {
        int start = frame.readerIndex();
        boolean hasCode = FrameHeader.readProtocol(frame) == PppProtocol.LCP && frame.isReadable();
        int code = hasCode ? frame.getUnsignedByte(frame.readerIndex()) : Code.CONFIGURE_REQUEST;
        frame.readerIndex(start);
        return code < Code.ECHO_REQUEST || code > Code.DISCARD_REQUEST;
    }

    private static int keptBytes(int protocol, ByteBuf packet) {
        int bytes = packet.readableBytes();
        if (bytes < Code.HEADER_BYTES) {
            return 0;
        }
        int code = packet.getUnsignedByte(packet.readerIndex());
        return isConfigure(protocol, code) || isWords(protocol, code)
                ? Math.min(bytes, MAXIMUM_PACKET_BYTES)
                : Code.HEADER_BYTES;
    }

    private static boolean isWords(int protocol, int code) {
        return protocol == PppProtocol.LCP && (code == Code.IDENTIFICATION || code == Code.TIME_REMAINING);
    }

    private static boolean isConfigure(int protocol, int code) {
        return protocol != PppProtocol.PAP && protocol != PppProtocol.CHAP && code >= Code.CONFIGURE_REQUEST
                && code <= Code.CONFIGURE_REJECT;
    }

    /** Returns the name of the protocol that an excerpt is of. */
    public static String protocol(byte[] excerpt) {
        int protocol = number(excerpt, 0);
        return protocol == MALFORMED ? "malformed" : PppProtocol.name(protocol);
    }

    /** Returns what an excerpt says, in words. */
    public static String words(byte[] excerpt) {
        int protocol = number(excerpt, 0);
        int packetBytes = number(excerpt, 2);
        ByteBuf packet = Unpooled.wrappedBuffer(excerpt, EXCERPT_HEADER_BYTES, excerpt.length - EXCERPT_HEADER_BYTES);
        if (packet.readableBytes() < Code.HEADER_BYTES) {
            return packetBytes + " octets";
        }
        int code = packet.getUnsignedByte(0);
        String head = codeName(protocol, code) + " id " + packet.getUnsignedByte(1);
        int length = packet.getUnsignedShort(2);
        if (length < Code.HEADER_BYTES || length > packetBytes) {
            return head + " bad length " + length;
        }
        if (isWords(protocol, code)) {
            int kept = Math.min(length, packet.readableBytes());
            return head + said(code, packet.slice(Code.HEADER_BYTES, kept - Code.HEADER_BYTES));
        }
        if (!isConfigure(protocol, code)) {
            return head;
        }
        return length > packet.readableBytes()
                ? head + " " + length + " octets"
                : head + options(protocol, packet.slice(Code.HEADER_BYTES, length - Code.HEADER_BYTES));
    }

    /** Behind the magic number: the seconds that are left, or nothing, and words (RFC 1570 sections 2.1, 2.2). */
    private static String said(int code, ByteBuf body) {
        int seconds = code == Code.TIME_REMAINING ? SECONDS_BYTES : 0;
        int wordsBytes = body.readableBytes() - MAGIC_BYTES - seconds;
        if (wordsBytes < 0) {
            return " malformed";
        }
        String words = body.toString(MAGIC_BYTES + seconds, wordsBytes, StandardCharsets.US_ASCII)
                .replaceAll("[^ -~]", "?");
        String time = seconds == 0 ? "" : " " + body.getUnsignedInt(MAGIC_BYTES) + " s";
        return words.isEmpty() ? time : time + " \"" + words + "\"";
    }

    private static int number(byte[] octets, int at) { return (octets[at] & 0xFF) << 8 | (octets[at + 1] & 0xFF); }

    private static String codeName(int protocol, int code) {
        return switch (protocol) {
            case PppProtocol.PAP -> switch (code) {
                case 1 -> "Authenticate-Request";
                case 2 -> "Authenticate-Ack";
                case 3 -> "Authenticate-Nak";
                default -> "code " + code;
            };
            case PppProtocol.CHAP -> switch (code) {
                case 1 -> "Challenge";
                case 2 -> "Response";
                case 3 -> "Success";
                case 4 -> "Failure";
                default -> "code " + code;
            };
            default -> Code.name(code);
        };
    }

    private static String options(int protocol, ByteBuf body) {
        Optional<List<Option>> options = Options.decode(body);
        return options.map(list -> " " + list.stream().map(option -> OptionText.of(protocol, option)).toList())
                .orElse(" malformed options");
    }
}

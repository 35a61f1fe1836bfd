package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import org.lnsd.ppp.frame.FrameHeader;
import org.lnsd.ppp.frame.PppProtocol;
import org.lnsd.ppp.fsm.Code;
import org.lnsd.ppp.option.Option;
import org.lnsd.ppp.option.Options;

/** Control frames in words, for the flight recorder. Passwords and responses are never shown. */
final class NegotiationText {
    private NegotiationText() {}

    /** Borrows a whole frame. */
    static LinkEvent.Negotiation describe(ByteBuf frame, LinkEvent.Direction direction) {
        ByteBuf rest = frame.duplicate();
        int protocol = FrameHeader.readProtocol(rest);
        String name = protocol == FrameHeader.MALFORMED ? "malformed" : PppProtocol.name(protocol);
        return new LinkEvent.Negotiation(name, direction, packet(protocol, rest));
    }

    private static String packet(int protocol, ByteBuf packet) {
        if (packet.readableBytes() < Code.HEADER_BYTES) {
            return packet.readableBytes() + " octets";
        }
        int start = packet.readerIndex();
        int code = packet.getUnsignedByte(start);
        String head = codeName(protocol, code) + " id " + packet.getUnsignedByte(start + 1);
        int length = packet.getUnsignedShort(start + 2);
        if (length < Code.HEADER_BYTES || length > packet.readableBytes()) {
            return head + " bad length " + length;
        }
        boolean configure = code >= Code.CONFIGURE_REQUEST && code <= Code.CONFIGURE_REJECT;
        if (protocol == PppProtocol.PAP || protocol == PppProtocol.CHAP || !configure) {
            return head;
        }
        return head + options(packet.slice(start + Code.HEADER_BYTES, length - Code.HEADER_BYTES));
    }

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

    private static String options(ByteBuf body) {
        Optional<List<Option>> options = Options.decode(body);
        return options.map(list -> " " + list).orElse(" malformed options");
    }
}

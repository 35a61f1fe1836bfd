package org.lnsd.ppp.auth;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** PAP packets (RFC 1334 section 2.2). */
public final class PapPacket {
    public static final int REQUEST = 1;
    public static final int ACK = 2;
    public static final int NAK = 3;

    private PapPacket() {}

    /** Borrows the body of an Authenticate-Request, after code, identifier and length. */
    public static Optional<Credentials.Pap> decodeRequest(ByteBuf body) {
        Optional<byte[]> name = readCounted(body);
        Optional<byte[]> password = name.isPresent() ? readCounted(body) : Optional.empty();
        return password
                .map(octets -> new Credentials.Pap(AuthenticationText.decode(name.orElseThrow()), octets));
    }

    /** Borrows the body of an Ack or Nak; returns its message, empty where it is none. */
    public static String decodeMessage(ByteBuf body) {
        return readCounted(body).map(AuthenticationText::decode).orElse("");
    }

    private static Optional<byte[]> readCounted(ByteBuf body) {
        if (!body.isReadable()) {
            return Optional.empty();
        }
        int lengthBytes = body.readUnsignedByte();
        return lengthBytes <= body.readableBytes()
                ? Optional.of(AuthenticationText.read(body, lengthBytes))
                : Optional.empty();
    }
}

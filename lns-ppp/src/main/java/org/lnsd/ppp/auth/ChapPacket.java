package org.lnsd.ppp.auth;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * The body of a CHAP Challenge or Response (RFC 1994 section 4.1).
 *
 * @param value challenge or response value
 * @param name of the system that sent it
 */
@SuppressWarnings("ArrayRecordComponent")
public record ChapPacket(byte[] value, String name) {
    public static final int CHALLENGE = 1;
    public static final int RESPONSE = 2;
    public static final int SUCCESS = 3;
    public static final int FAILURE = 4;

    /** Borrows the body, after code, identifier and length. */
    public static Optional<ChapPacket> decode(ByteBuf body) {
        if (!body.isReadable()) {
            return Optional.empty();
        }
        int valueBytes = body.readUnsignedByte();
        if (valueBytes == 0 || valueBytes > body.readableBytes()) {
            return Optional.empty();
        }
        byte[] value = AuthenticationText.read(body, valueBytes);
        byte[] name = AuthenticationText.read(body, body.readableBytes());
        return Optional.of(new ChapPacket(value, AuthenticationText.decode(name)));
    }
}

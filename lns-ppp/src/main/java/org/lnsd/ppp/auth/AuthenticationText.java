package org.lnsd.ppp.auth;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Names and messages on the wire. */
public final class AuthenticationText {
    private AuthenticationText() {}

    /** Decodes UTF-8; octets that are none are taken as ISO 8859-1, so that no name is lost. */
    public static String decode(byte[] octets) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(octets, StandardCharsets.ISO_8859_1);
        }
    }

    /** Borrows the buffer and reads that many octets. */
    static byte[] read(ByteBuf from, int lengthBytes) {
        byte[] octets = new byte[lengthBytes];
        from.readBytes(octets);
        return octets;
    }
}

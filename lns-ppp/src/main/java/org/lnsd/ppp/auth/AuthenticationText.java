package org.lnsd.ppp.auth;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Names and messages on the wire. */
public final class AuthenticationText {
    /** What stands for octets that are no UTF-8; a name may have it, too. */
    private static final char REPLACEMENT = '\uFFFD';

    private AuthenticationText() {}

    /** Decodes UTF-8; octets that are none are taken as ISO 8859-1, so that no name is lost. */
    public static String decode(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        boolean replaced = text.indexOf(REPLACEMENT) >= 0
                && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), octets);
        return replaced ? new String(octets, StandardCharsets.ISO_8859_1) : text;
    }

    /** Borrows the buffer and reads that many octets. */
    static byte[] read(ByteBuf from, int lengthBytes) {
        byte[] octets = new byte[lengthBytes];
        from.readBytes(octets);
        return octets;
    }
}

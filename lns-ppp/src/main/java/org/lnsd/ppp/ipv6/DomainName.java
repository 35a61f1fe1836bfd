package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Domain names in the uncompressed wire form (RFC 1035 section 3.1, RFC 8415 section 10). */
final class DomainName {
    private static final int MAXIMUM_BYTES = 255;
    private static final int MAXIMUM_LABEL_BYTES = 63;

    private DomainName() {}

    /** Appends the name; labels are cut at the longest that the RFC allows. */
    static void write(ByteBuf buffer, String name) {
        int start = 0;
        while (start < name.length()) {
            int dot = name.indexOf('.', start);
            int end = dot < 0 ? name.length() : dot;
            byte[] label = name.substring(start, end).getBytes(StandardCharsets.US_ASCII);
            int length = Math.min(label.length, MAXIMUM_LABEL_BYTES);
            if (length > 0) {
                buffer.writeByte(length).writeBytes(label, 0, length);
            }
            start = end + 1;
        }
        buffer.writeByte(0);
    }

    /** Reads one name and advances; {@code null} when it is malformed, compressed or too long. */
    static @Nullable String read(ByteBuf buffer) {
        StringBuilder name = new StringBuilder();
        while (buffer.isReadable()) {
            int length = buffer.readUnsignedByte();
            if (length == 0) {
                return name.toString();
            }
            if (length > MAXIMUM_LABEL_BYTES || length > buffer.readableBytes()
                    || name.length() + length > MAXIMUM_BYTES) {
                return null;
            }
            if (!name.isEmpty()) {
                name.append('.');
            }
            name.append(buffer.readCharSequence(length, StandardCharsets.US_ASCII));
        }
        return null;
    }
}

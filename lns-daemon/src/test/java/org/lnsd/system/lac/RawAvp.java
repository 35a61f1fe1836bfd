package org.lnsd.system.lac;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An AVP as it stands on the wire (RFC 2661 section 4.1). */
public record RawAvp(int flags, int vendorId, int type, byte[] value) {
    public boolean mandatory() { return (flags & 0x8000) != 0; }

    public boolean hidden() { return (flags & 0x4000) != 0; }

    public int u16() { return ByteBuffer.wrap(value).getShort() & 0xffff; }

    public int u16(int index) { return ByteBuffer.wrap(value).getShort(index) & 0xffff; }

    public String text(int from) { return new String(value, from, value.length - from, StandardCharsets.UTF_8); }
}

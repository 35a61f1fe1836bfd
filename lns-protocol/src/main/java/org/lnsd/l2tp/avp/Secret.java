package org.lnsd.l2tp.avp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A secret shared with a peer; it never shows itself in text. */
public final class Secret {
    private final byte[] bytes;

    private Secret(byte[] bytes) { this.bytes = bytes; }

    /** Copies {@code bytes}. */
    public static Secret of(byte[] bytes) { return new Secret(bytes.clone()); }

    /** The UTF-8 octets of {@code text}. */
    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Feeds the secret into {@code digest}. */
    void update(MessageDigest digest) { digest.update(bytes); }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() { return bytes.length; }

    @Override
    public String toString() { return "***"; }
}

package org.lnsd.daemon.config;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A shared secret or password. Its text form never shows it. */
public final class Secret {

    private final byte[] octets;

    private Secret(byte[] octets) { this.octets = octets; }

    /** The secret whose UTF-8 octets are those of the text. */
    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The octets, a copy. */
    public byte[] bytes() { return octets.clone(); }

    /** The secret as text; for the password checks that need it, never for output. */
    public String text() {
        return new String(octets, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && Arrays.equals(octets, secret.octets);
    }

    @Override
    public int hashCode() { return Arrays.hashCode(octets); }

    @Override
    public String toString() { return "***"; }
}

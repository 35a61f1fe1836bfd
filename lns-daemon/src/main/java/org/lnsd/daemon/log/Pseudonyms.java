package org.lnsd.daemon.log;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Replaces what names a subscriber by a keyed hash: the same person has the same pseudonym as long as the daemon runs, and nobody,
 * the operator included, can turn it back or compute it from a name. Any thread.
 */
final class Pseudonyms implements BinaryOperator<String> {

    private static final Set<String> NAMES = Set.of("user", "calling", "called", "circuit");
    private static final Set<String> WITH_ADDRESSES = Set.of("networks", "prefix", "cause", "text", "command");
    /** Addresses and prefixes of both families in a sentence or a list. */
    private static final Pattern ADDRESS = Pattern
            .compile(
                    "\\b[0-9]{1,3}(?:\\.[0-9]{1,3}){3}\\b|(?<![0-9A-Za-z:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![0-9A-Za-z:])");
    private static final int PSEUDONYM_BYTES = 6;

    private final SecretKeySpec key;

    Pseudonyms(byte[] key) { this.key = new SecretKeySpec(key, "HmacSHA256"); }

    @Override
    public String apply(String name, String value) {
        if (value.isEmpty()) {
            return value;
        }
        if (NAMES.contains(name)) {
            return pseudonym(value);
        }
        return WITH_ADDRESSES.contains(name)
                ? ADDRESS.matcher(value).replaceAll(address -> pseudonym(address.group()))
                : value;
    }

    private String pseudonym(String value) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            byte[] hash = mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
            return "~" + HexFormat.of().formatHex(hash, 0, PSEUDONYM_BYTES);
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every Java has HmacSHA256", impossible);
        }
    }
}

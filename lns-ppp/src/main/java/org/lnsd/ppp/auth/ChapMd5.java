package org.lnsd.ppp.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The MD5 algorithm of CHAP (RFC 1994 section 4.1). */
public final class ChapMd5 {
    /** Octets of a response value. */
    public static final int RESPONSE_BYTES = 16;

    private ChapMd5() {}

    /** Returns the response value: MD5 over identifier, secret, challenge. */
    public static byte[] response(int id, String secret, byte[] challenge) {
        MessageDigest md5 = digest("MD5");
        md5.update((byte) id);
        md5.update(secret.getBytes(StandardCharsets.UTF_8));
        return md5.digest(challenge);
    }

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java has " + algorithm, absent);
        }
    }
}

package org.lnsd.ppp.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.MD4Digest;
import org.bouncycastle.crypto.engines.DESEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/** The functions of MS-CHAPv2 (RFC 2759 section 8). */
public final class MsChapV2 {
    /** Octets of either challenge. */
    public static final int CHALLENGE_BYTES = 16;
    /** Octets of the response value: peer challenge, 8 reserved, NT response, flags (section 4). */
    public static final int RESPONSE_BYTES = 49;
    /** Octets of the NT response. */
    public static final int NT_RESPONSE_BYTES = 24;

    private static final byte[] MAGIC_1 = "Magic server to client signing constant".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MAGIC_2 = "Pad to make it do more than one iteration"
            .getBytes(StandardCharsets.US_ASCII);

    private MsChapV2() {}

    /** GenerateNTResponse (section 8.1). A domain in front of the user name does not count. */
    public static byte[] ntResponse(byte[] authenticatorChallenge, byte[] peerChallenge, String user, String password) {
        byte[] challenge = challengeHash(peerChallenge, authenticatorChallenge, user);
        return challengeResponse(challenge, ntPasswordHash(password));
    }

    /** GenerateAuthenticatorResponse (section 8.7): "S=" and 40 hexadecimal digits. */
    public static String authenticatorResponse(String password, byte[] ntResponse, byte[] peerChallenge,
            byte[] authenticatorChallenge, String user) {
        MessageDigest sha = ChapMd5.digest("SHA-1");
        sha.update(md4(ntPasswordHash(password)));
        sha.update(ntResponse);
        byte[] digest = sha.digest(MAGIC_1);
        sha.update(digest);
        sha.update(challengeHash(peerChallenge, authenticatorChallenge, user));
        return "S=" + HexFormat.of().withUpperCase().formatHex(sha.digest(MAGIC_2));
    }

    /** ChallengeHash (section 8.2). */
    static byte[] challengeHash(byte[] peerChallenge, byte[] authenticatorChallenge, String user) {
        MessageDigest sha = ChapMd5.digest("SHA-1");
        sha.update(peerChallenge);
        sha.update(authenticatorChallenge);
        String withoutDomain = user.substring(user.lastIndexOf('\\') + 1);
        return Arrays.copyOf(sha.digest(withoutDomain.getBytes(StandardCharsets.UTF_8)), 8);
    }

    /** NtPasswordHash (section 8.3). */
    static byte[] ntPasswordHash(String password) {
        return md4(password.getBytes(StandardCharsets.UTF_16LE));
    }

    private static byte[] md4(byte[] input) {
        var md4 = new MD4Digest();
        md4.update(input, 0, input.length);
        byte[] output = new byte[md4.getDigestSize()];
        md4.doFinal(output, 0);
        return output;
    }

    /** ChallengeResponse (section 8.5). */
    static byte[] challengeResponse(byte[] challenge, byte[] passwordHash) {
        byte[] padded = Arrays.copyOf(passwordHash, 21);
        byte[] response = new byte[NT_RESPONSE_BYTES];
        for (int block = 0; block < 3; block++) {
            var des = new DESEngine();
            des.init(true, new KeyParameter(desKey(padded, block * 7)));
            des.processBlock(challenge, 0, response, block * 8);
        }
        return response;
    }

    /** Spreads 7 octets over 8, leaving the parity bits 0 (section 8.6). */
    private static byte[] desKey(byte[] from, int offset) {
        long bits = 0;
        for (int index = 0; index < 7; index++) {
            bits = bits << 8 | (from[offset + index] & 0xff);
        }
        byte[] key = new byte[8];
        for (int index = 0; index < 8; index++) {
            key[index] = (byte) (bits >>> (49 - 7 * index) << 1);
        }
        return key;
    }
}

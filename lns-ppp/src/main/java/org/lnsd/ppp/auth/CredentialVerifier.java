package org.lnsd.ppp.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Checks credentials against a known password. */
public final class CredentialVerifier {
    private CredentialVerifier() {}

    /**
     * Compares in constant time.
     *
     * @return Success, with the authenticator response for MS-CHAPv2, or Failure
     */
    public static AuthenticationResult verify(Credentials credentials, String password) {
        return switch (credentials) {
            case Credentials.Pap pap -> result(password.getBytes(StandardCharsets.UTF_8), pap.password());
            case Credentials.Chap chap ->
                result(ChapMd5.response(chap.id(), password, chap.challenge()), chap.response());
            case Credentials.MsChapV2 response -> verify(response, password);
        };
    }

    private static AuthenticationResult verify(Credentials.MsChapV2 response, String password) {
        byte[] expected = MsChapV2.ntResponse(response.authenticatorChallenge(), response.peerChallenge(),
                response.user(), password);
        if (!MessageDigest.isEqual(expected, response.ntResponse())) {
            return failure();
        }
        String proof = MsChapV2.authenticatorResponse(password, expected, response.peerChallenge(),
                response.authenticatorChallenge(), response.user());
        return new AuthenticationResult.Success("", Optional.of(proof));
    }

    private static AuthenticationResult result(byte[] expected, byte[] given) {
        return MessageDigest.isEqual(expected, given) ? AuthenticationResult.Success.of("") : failure();
    }

    private static AuthenticationResult failure() { return new AuthenticationResult.Failure("authentication failed"); }
}

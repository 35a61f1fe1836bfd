package org.lnsd.ppp.auth;

/** Checks credentials against a known password. */
public final class CredentialVerifier {
    private CredentialVerifier() {}

    /**
     * Compares in constant time.
     *
     * @return Success, with the authenticator response for MS-CHAPv2, or Failure
     */
    public static AuthenticationResult verify(Credentials credentials, String password) {
        return new AuthenticationResult.Failure("not implemented");
    }
}

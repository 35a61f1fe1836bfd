package org.lnsd.ppp.auth;

import java.util.Optional;

/** The answer to {@link Credentials}. */
public sealed interface AuthenticationResult {
    /**
     * The peer is who it says.
     *
     * @param message the text shown to the user, may be empty
     * @param authenticatorResponse for MS-CHAPv2 "S=" and 40 hexadecimal digits (RFC 2759 section 5), as in the RADIUS
     *     attribute MS-CHAP2-Success after its first octet
     */
    record Success(String message, Optional<String> authenticatorResponse) implements AuthenticationResult {
        /** A success that needs no proof of ours (PAP, CHAP). */
        public static Success of(String message) {
            return new Success(message, Optional.empty());
        }
    }

    /** Wrong name, password or response. */
    record Failure(String message) implements AuthenticationResult {}
}

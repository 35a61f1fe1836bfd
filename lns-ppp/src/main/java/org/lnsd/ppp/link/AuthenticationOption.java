package org.lnsd.ppp.link;

import java.util.Optional;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.option.Option;

/** The Authentication-Protocol option (RFC 1661 section 6.2; with an algorithm octet for CHAP, RFC 1994 section 3). */
final class AuthenticationOption {
    private AuthenticationOption() {}

    static Option of(AuthenticationProtocol authentication) {
        byte high = (byte) (authentication.protocol() >> 8);
        byte low = (byte) authentication.protocol();
        return authentication.algorithm() < 0
                ? Option.of(LcpOption.AUTHENTICATION_PROTOCOL, high, low)
                : Option.of(LcpOption.AUTHENTICATION_PROTOCOL, high, low, (byte) authentication.algorithm());
    }

    /** Returns the protocol, or empty for one that is not known here. */
    static Optional<AuthenticationProtocol> read(Option option) {
        for (AuthenticationProtocol authentication : AuthenticationProtocol.values()) {
            if (of(authentication).equals(option)) {
                return Optional.of(authentication);
            }
        }
        return Optional.empty();
    }
}

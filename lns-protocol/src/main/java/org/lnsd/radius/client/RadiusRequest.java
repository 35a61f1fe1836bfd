package org.lnsd.radius.client;

import java.util.List;
import java.util.Optional;

import org.lnsd.radius.RadiusAttribute;
import org.lnsd.radius.RadiusCode;

/**
 * What is to be asked, before it is known which server gets it.
 *
 * @param code ACCESS_REQUEST or ACCOUNTING_REQUEST
 * @param attributes all attributes but Message-Authenticator, User-Password and Acct-Delay-Time
 * @param password becomes a User-Password, hidden with the secret of the server
 * @param eventNs for accounting: when it happened, on the clock of the machine; becomes Acct-Delay-Time
 */
public record RadiusRequest(RadiusCode code, List<RadiusAttribute> attributes, Optional<byte[]> password,
        long eventNs) {
    /** Copies the list. */
    public RadiusRequest {
        attributes = List.copyOf(attributes);
    }
}

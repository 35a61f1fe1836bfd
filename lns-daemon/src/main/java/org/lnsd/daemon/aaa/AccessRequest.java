package org.lnsd.daemon.aaa;

import java.util.Optional;

/**
 * A subscriber that wants in.
 *
 * @param credentials what it has shown
 * @param session its session
 * @param state State of the former answer, when this request is what its Termination-Action asked for
 */
@SuppressWarnings("ArrayRecordComponent")
public record AccessRequest(SubscriberCredentials credentials, SessionIdentity session, Optional<byte[]> state) {
    /** A first request. */
    public AccessRequest(SubscriberCredentials credentials, SessionIdentity session) {
        this(credentials, session, Optional.empty());
    }
}

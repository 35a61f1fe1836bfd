package org.lnsd.daemon.aaa;

import java.util.Optional;

/** The answer to an {@link AccessRequest}. */
public sealed interface AccessVerdict {
    /**
     * The subscriber may come in.
     *
     * @param user the name to use from now on: User-Name of the answer, otherwise the one that was given
     * @param profile what it may have
     * @param msChapSuccess text of the MS-CHAPv2 success ({@code S=...}, without the identifier), when that was the protocol
     * @param message Reply-Message, empty when there is none
     * @param authentic who has said so
     */
    record Accept(String user, Profile profile, Optional<String> msChapSuccess,
            String message, AccountingSubject.Authentic authentic) implements AccessVerdict {}

    /**
     * The subscriber may not come in.
     *
     * @param message Reply-Message for the subscriber, may be empty
     * @param msChapError text of the MS-CHAPv2 failure ({@code E=691 R=0 ...}), when the server gave one
     */
    record Reject(String message, Optional<String> msChapError) implements AccessVerdict {}

    /**
     * Nobody could tell: no server answered or the queue is full. The session is refused, but the subscriber is not to blame.
     *
     * @param why cause for the log
     */
    record Unavailable(String why) implements AccessVerdict {}
}

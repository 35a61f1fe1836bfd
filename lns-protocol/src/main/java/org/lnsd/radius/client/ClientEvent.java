package org.lnsd.radius.client;

import org.lnsd.radius.RadiusPacket;

/**
 * What the client has to tell.
 *
 * @param <C> what the caller gave with its request
 */
public sealed interface ClientEvent<C> {
    /**
     * A request has got its answer.
     *
     * @param context what was given with the request
     * @param answer the answer, its authenticators checked
     * @param server which server gave it
     * @param requestAuthenticator authenticator of the request, for attributes hidden in the answer
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Answered<C>(C context, RadiusPacket answer, int server, byte[] requestAuthenticator)
            implements
                ClientEvent<C> {}

    /**
     * No server answered a request, or there was no room for it.
     *
     * @param context what was given with the request
     * @param why cause for the log
     */
    record Failed<C>(C context, String why) implements ClientEvent<C> {}

    /**
     * A server no longer answers.
     *
     * @param server which
     */
    record ServerDead<C>(int server) implements ClientEvent<C> {}

    /**
     * A server answers again.
     *
     * @param server which
     */
    record ServerAlive<C>(int server) implements ClientEvent<C> {}

    /**
     * An answer was dropped.
     *
     * @param server which server it claimed to come from
     * @param reason why
     */
    record Dropped<C>(int server, DropReason reason) implements ClientEvent<C> {}

    /** Why an answer is dropped. */
    enum DropReason {
        /** It is no RADIUS packet. */
        MALFORMED,
        /** Nothing waits for its identifier: late, twice, or made up. */
        UNEXPECTED,
        /** Its code does not answer the request. */
        UNKNOWN_CODE,
        /** Its Response Authenticator is wrong. */
        BAD_AUTHENTICATOR,
        /** Its Message-Authenticator is missing. */
        MISSING_MESSAGE_AUTHENTICATOR,
        /** Its Message-Authenticator is wrong. */
        BAD_MESSAGE_AUTHENTICATOR
    }
}

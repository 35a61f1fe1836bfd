package org.lnsd.daemon.aaa;

import java.util.function.Consumer;

/** Carries out what a dynamic authorisation client asks for (RFC 5176); the session code implements it. Called on the RADIUS loop; answers from any thread. */
public interface DynamicAuthorizationTarget {
    /**
     * Ends sessions politely.
     *
     * @param selector which
     * @param answer is told once what came of it
     */
    void disconnect(SessionSelector selector, Consumer<DynamicAuthorizationResult> answer);

    /**
     * Changes sessions: only what {@code change} names, all or nothing.
     *
     * @param selector which
     * @param change what
     * @param answer is told once what came of it
     */
    void change(SessionSelector selector, ProfileChange change, Consumer<DynamicAuthorizationResult> answer);
}

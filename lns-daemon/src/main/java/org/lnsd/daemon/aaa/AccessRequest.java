package org.lnsd.daemon.aaa;

/**
 * A subscriber that wants in.
 *
 * @param credentials what it has shown
 * @param session its session
 */
public record AccessRequest(SubscriberCredentials credentials, SessionIdentity session) {}

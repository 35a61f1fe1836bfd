package org.lnsd.radius.client;

/**
 * Settings of a group of servers.
 *
 * @param policy how a server is chosen
 * @param timeoutNs wait before the first retransmission; it doubles once (RFC 5080 section 2.2.1: IRT, with MRT twice IRT)
 * @param attempts transmissions to one server (MRC)
 * @param limitNs longest time from submission to answer (MRD)
 * @param deadTimeNs how long a server that did not answer is passed over when no probe says otherwise
 * @param probeIntervalNs between two probes of a dead server
 * @param queueLimit most requests that wait for room in flight
 * @param requireMessageAuthenticator whether an answer to an Access-Request without Message-Authenticator is dropped
 */
public record ClientSettings(ServerPolicy policy, long timeoutNs, int attempts, long limitNs, long deadTimeNs,
        long probeIntervalNs, int queueLimit, boolean requireMessageAuthenticator) {
    /** How long a server may be silent before what it was asked goes to another one: most of a timeout, at most two seconds. */
    long silenceLimitNs() {
        return Math.min(timeoutNs / 10 * 8, 2_000_000_000L);
    }
}

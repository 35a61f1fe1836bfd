package org.lnsd.daemon.control;

/**
 * Traffic of a session or of all (in: from the subscriber).
 *
 * @param octetsIn since the start
 * @param octetsOut since the start
 * @param packetsIn since the start
 * @param packetsOut since the start
 * @param bitsPerSecondIn over the last seconds
 * @param bitsPerSecondOut over the last seconds
 * @param packetsPerSecondIn over the last seconds
 * @param packetsPerSecondOut over the last seconds
 */
public record TrafficView(long octetsIn, long octetsOut, long packetsIn, long packetsOut, long bitsPerSecondIn,
        long bitsPerSecondOut,
        long packetsPerSecondIn, long packetsPerSecondOut) {

    /** No traffic. */
    public static TrafficView none() { return new TrafficView(0, 0, 0, 0, 0, 0, 0, 0); }
}

package org.lnsd.daemon.shaping;

/**
 * A limit of one direction.
 *
 * @param bps        bits of IP packets a second, 0: no limit
 * @param burstBytes bytes that may go at once after a silence, 0: as {@code burstNs} says
 * @param burstNs    how long a silence is made up for, 0: as is usual for the direction
 */
public record Rate(long bps, long burstBytes, long burstNs) {
    /** No limit. */
    public static final Rate UNLIMITED = new Rate(0, 0);

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long SMALLEST_BURST_BYTES = 3_000;
    private static final long LARGEST_BYTES = 1L << 30;
    private static final long PACKET_BYTES = 1_500;
    private static final long LONGEST_SLACK_NS = 8_000_000;
    /** Somewhat more than a super-packet has: beyond that a wake-up is little of what they cost. */
    private static final int SLACK_PACKETS = 100;

    /** A rate with a burst in bytes, or the usual one. */
    public Rate(long bps, long burstBytes) {
        this(bps, burstBytes, 0);
    }

    /** Whether there is a limit. */
    public boolean isLimited() { return bps > 0; }

    /** How long the line is busy with so many bytes, at most 2^30. */
    public long durationNs(long bytes) {
        return bps == 0 ? 0 : Math.min(bytes, LARGEST_BYTES) * 8 * SECOND_NS / bps;
    }

    /** How long the line may have been silent and still catch up. */
    long burstNs(long usualNs) {
        return burstBytes > 0
                ? durationNs(burstBytes)
                : Math.max(burstNs > 0 ? burstNs : usualNs, durationNs(SMALLEST_BURST_BYTES));
    }

    /** How long the line is busy with a packet of full size. */
    long packetNs() { return durationNs(PACKET_BYTES); }

    /** How much longer what waits may wait, so that a wake-up is for several packets: none where two packets take long anyway. */
    public long slackNs() {
        long packetNs = packetNs();
        return 2 * packetNs > LONGEST_SLACK_NS ? 0 : Math.min(LONGEST_SLACK_NS, SLACK_PACKETS * packetNs);
    }
}

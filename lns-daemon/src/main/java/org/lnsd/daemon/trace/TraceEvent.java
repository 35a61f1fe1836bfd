package org.lnsd.daemon.trace;

/**
 * One thing that a trace shows: in words or as a packet.
 *
 * @param timeMs when, milliseconds since 1970
 * @param about id of the session or tunnel
 * @param stage as in the history; {@code end} is the last of a session or tunnel
 * @param text decoded, without secrets; empty for a packet
 * @param packet an IP packet; empty for words
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TraceEvent(long timeMs, String about, String stage, String text, byte[] packet) {

    static final byte[] NO_PACKET = {};

    static TraceEvent words(long timeMs, String about, String stage, String text) {
        return new TraceEvent(timeMs, about, stage, text, NO_PACKET);
    }

    static TraceEvent packet(long timeMs, String about, byte[] packet) {
        return new TraceEvent(timeMs, about, "packet", "", packet);
    }

    /** Whether the session or tunnel is over. */
    public boolean isEnd() { return stage.equals("end"); }
}

package org.lnsd.daemon.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.lnsd.ppp.link.NegotiationText;

/**
 * Events in one array, because every session has some twenty and there may be 100,000 sessions: time since the track began
 * (4 octets), stage, kind, length, then text or the excerpt of a frame.
 */
final class PackedEvents {

    static final int TEXT = 0;
    static final int RECEIVED = 1;
    static final int SENT = 2;

    private static final int HEADER_BYTES = 8;
    private static final int GROWTH_BYTES = 96;

    private byte[] octets = {};
    private int end;
    private int count;

    int count() { return count; }

    void add(int sinceMs, int stage, int kind, byte[] content) {
        int needed = end + HEADER_BYTES + content.length;
        if (needed > octets.length) {
            octets = Arrays.copyOf(octets, needed + GROWTH_BYTES);
        }
        ByteBuffer.wrap(octets, end, octets.length - end).putInt(sinceMs).put((byte) stage).put((byte) kind)
                .putShort((short) content.length).put(content);
        end = needed;
        count++;
    }

    void removeFirst() {
        int bytes = HEADER_BYTES + ByteBuffer.wrap(octets).getShort(6);
        System.arraycopy(octets, bytes, octets, 0, end - bytes);
        end -= bytes;
        count--;
    }

    void unpack(long bornMs, Stages stages, List<HistoryEvent> into) {
        ByteBuffer at = ByteBuffer.wrap(octets, 0, end);
        while (at.hasRemaining()) {
            long timeMs = bornMs + at.getInt();
            String stage = stages.name(at.get() & 0xFF);
            int kind = at.get();
            byte[] content = new byte[at.getShort()];
            at.get(content);
            into.add(switch (kind) {
                case RECEIVED -> frame(timeMs, "received ", content);
                case SENT -> frame(timeMs, "sent ", content);
                default -> new HistoryEvent(timeMs, stage, new String(content, StandardCharsets.UTF_8));
            });
        }
    }

    private static HistoryEvent frame(long timeMs, String direction, byte[] excerpt) {
        return new HistoryEvent(timeMs, NegotiationText.protocol(excerpt), direction + NegotiationText.words(excerpt));
    }
}

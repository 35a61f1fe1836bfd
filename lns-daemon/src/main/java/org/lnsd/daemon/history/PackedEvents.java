package org.lnsd.daemon.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.lnsd.ppp.link.NegotiationText;

/**
 * Events in one array, because every session has some twenty and there may be 100,000 sessions: milliseconds since the event before with
 * the kind in the lowest two bits, for a text its stage, length, then text or the excerpt of a frame. Numbers take as many octets
 * of seven bits as they need.
 */
final class PackedEvents {

    static final int TEXT = 0;
    static final int RECEIVED = 1;
    static final int SENT = 2;

    private static final int KIND_BITS = 2;
    private static final int KIND_MASK = 3;
    private static final int MAXIMUM_HEADER_BYTES = 5 + 1 + 3;
    private static final byte[] NOTHING = {};

    private final short growthBytes;
    private short count;
    private byte[] octets = NOTHING;
    private int end;
    /** Time before the first event, and of the last. */
    private int firstMs;
    private int lastMs;

    /** {@code growthBytes}: room for what comes next, each time that there is too little. */
    PackedEvents(int growthBytes) {
        this.growthBytes = (short) growthBytes;
    }

    int count() { return count; }

    /** Times never go back; a content has less than 64 KiB. */
    void add(int sinceMs, int stage, int kind, byte[] content) {
        if (end + MAXIMUM_HEADER_BYTES + content.length > octets.length) {
            octets = Arrays.copyOf(octets, end + MAXIMUM_HEADER_BYTES + content.length + growthBytes);
        }
        int later = Math.max(sinceMs, lastMs);
        putNumber(((long) (later - lastMs) << KIND_BITS) | kind);
        lastMs = later;
        if (kind == TEXT) {
            octets[end++] = (byte) stage;
        }
        putNumber(content.length);
        System.arraycopy(content, 0, octets, end, content.length);
        end += content.length;
        count++;
    }

    private void putNumber(long number) {
        long left = number;
        while (left > 0x7F) {
            octets[end++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        octets[end++] = (byte) left;
    }

    private static long number(ByteBuffer from) {
        long number = 0;
        int octet = 0x80;
        for (int shift = 0; octet >= 0x80; shift += 7) {
            octet = from.get() & 0xFF;
            number |= (long) (octet & 0x7F) << shift;
        }
        return number;
    }

    /** Nothing more will be added for a while: gives the room back. */
    void trim() {
        octets = Arrays.copyOf(octets, end);
    }

    void removeFirst() {
        ByteBuffer at = ByteBuffer.wrap(octets, 0, end);
        long head = number(at);
        firstMs += (int) (head >>> KIND_BITS);
        at.position(at.position() + ((head & KIND_MASK) == TEXT ? 1 : 0));
        long length = number(at);
        int bytes = at.position() + (int) length;
        System.arraycopy(octets, bytes, octets, 0, end - bytes);
        end -= bytes;
        count--;
    }

    void unpack(long bornMs, Stages stages, List<HistoryEvent> into) {
        ByteBuffer at = ByteBuffer.wrap(octets, 0, end);
        long timeMs = bornMs + firstMs;
        while (at.hasRemaining()) {
            long head = number(at);
            timeMs += head >>> KIND_BITS;
            int kind = (int) head & KIND_MASK;
            String stage = kind == TEXT ? stages.name(at.get() & 0xFF) : "";
            byte[] content = new byte[(int) number(at)];
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

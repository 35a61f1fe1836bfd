package org.lnsd.daemon.history;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What happened to one session or tunnel, bounded: the first events stay, because they tell what was asked; of the others the oldest go.
 * Written by the control loop, read by anybody.
 */
public final class HistoryTrack {

    private static final int MAXIMUM_OCTETS = 240;

    private final String id;
    private final int maximumEvents;
    private final HistoryArchive archive;
    private final Deque<Packed> first = new ArrayDeque<>(4);
    private final Deque<Packed> last = new ArrayDeque<>(4);
    private int forgotten;
    private String user = "";
    private boolean ended;
    private long endedMs;
    private String cause = "";

    /** Text as octets: half of what a String with its object takes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Packed(long timeMs, String stage, byte[] text) {
        HistoryEvent unpack() { return new HistoryEvent(timeMs, stage, new String(text, StandardCharsets.UTF_8)); }
    }

    HistoryTrack(String id, int maximumEvents, HistoryArchive archive) {
        this.id = id;
        this.maximumEvents = maximumEvents;
        this.archive = archive;
    }

    /** Tells who it is, as soon as that is known. */
    public synchronized void user(String name) { user = name; }

    /** Something happened. Stages are constants; a text that is too long is cut. */
    public synchronized void add(String stage, String text) {
        if (maximumEvents == 0) {
            return;
        }
        byte[] octets = (text.length() > MAXIMUM_OCTETS ? text.substring(0, MAXIMUM_OCTETS) + "…" : text)
                .getBytes(StandardCharsets.UTF_8);
        Packed event = new Packed(archive.nowMs(), stage, octets);
        if (first.size() < (maximumEvents + 1) / 2) {
            first.addLast(event);
            return;
        }
        last.addLast(event);
        if (first.size() + last.size() > maximumEvents) {
            last.removeFirst();
            forgotten++;
        }
    }

    /** It is over; it moves to the archive. Later events are still taken. */
    public void end(String label, String text) {
        synchronized (this) {
            if (ended) {
                return;
            }
            add("end", label + ": " + text);
            ended = true;
            endedMs = archive.nowMs();
            cause = label;
        }
        archive.ended(this);
    }

    String id() { return id; }

    synchronized String userName() { return user; }

    synchronized long endedAtMs() { return endedMs; }

    /** A snapshot with its diagnosis. */
    public synchronized HistoryView view() {
        List<HistoryEvent> events = new ArrayList<>(first.size() + last.size());
        first.forEach(event -> events.add(event.unpack()));
        last.forEach(event -> events.add(event.unpack()));
        return new HistoryView(id, user, ended, cause, forgotten, List.copyOf(events),
                Diagnosis.of(events, ended, cause));
    }
}

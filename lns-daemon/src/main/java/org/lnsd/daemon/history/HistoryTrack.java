package org.lnsd.daemon.history;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.trace.TraceEvent;
import org.lnsd.ppp.link.LinkEvent;
import org.lnsd.ppp.link.NegotiationText;

/**
 * What happened to one session or tunnel, bounded: the first events stay, because they tell what was asked; of the others the oldest go.
 * Written by the control loop, read by anybody.
 */
public final class HistoryTrack {

    private static final int MAXIMUM_OCTETS = 240;
    private static final int FIRST_GROWTH_BYTES = 160;
    private static final int LAST_GROWTH_BYTES = 48;

    private final String id;
    private final HistoryArchive archive;
    private final long bornMs;
    private final PackedEvents first = new PackedEvents(FIRST_GROWTH_BYTES);
    private @Nullable PackedEvents last;
    private int forgotten;
    private String user = "";
    private @Nullable Ending ending;

    private record Ending(long ms, String cause) {}

    HistoryTrack(String id, HistoryArchive archive) {
        this.id = id;
        this.archive = archive;
        this.bornMs = archive.nowMs();
    }

    /** Tells who it is, as soon as that is known. */
    public synchronized void user(String name) {
        boolean isNew = !user.equals(name);
        user = name;
        if (isNew && archive.trace().isActive()) {
            archive.trace().named(id, name, this::past);
        }
    }

    private List<TraceEvent> past() {
        return view().events().stream()
                .map(event -> new TraceEvent(event.timeMs(), id, event.stage(), event.text(), new byte[0])).toList();
    }

    /** Something happened. Stages are constants; a text that is too long is cut. */
    public synchronized void add(String stage, String text) {
        if (archive.eventsPerTrack() == 0) {
            return;
        }
        String shortened = text.length() > MAXIMUM_OCTETS ? text.substring(0, MAXIMUM_OCTETS) + "…" : text;
        tell(stage, shortened);
        put(stage, PackedEvents.TEXT, shortened.getBytes(StandardCharsets.UTF_8));
    }

    /** A control frame passed; it is put into words when somebody looks. */
    public synchronized void add(LinkEvent.Negotiation frame) {
        if (archive.eventsPerTrack() > 0) {
            boolean received = frame.direction() == LinkEvent.Direction.RECEIVED;
            if (archive.trace().isActive()) {
                tell(NegotiationText.protocol(frame.excerpt()),
                        (received ? "received " : "sent ") + NegotiationText.words(frame.excerpt()));
            }
            put("", received ? PackedEvents.RECEIVED : PackedEvents.SENT, frame.excerpt());
        }
    }

    private void put(String stage, int kind, byte[] octets) {
        int sinceMs = Math.clamp(archive.nowMs() - bornMs, 0, Integer.MAX_VALUE);
        int number = archive.stages().number(stage);
        int mostFirst = (archive.eventsPerTrack() + 1) / 2;
        if (first.count() < mostFirst) {
            first.add(sinceMs, number, kind, octets);
            if (first.count() == mostFirst) {
                first.trim();
            }
            return;
        }
        PackedEvents later = last == null ? new PackedEvents(LAST_GROWTH_BYTES) : last;
        last = later;
        later.add(sinceMs, number, kind, octets);
        if (first.count() + later.count() > archive.eventsPerTrack()) {
            later.removeFirst();
            forgotten++;
        }
    }

    /** Little more will happen for a while: takes no more room than what has happened needs. */
    public synchronized void settle() {
        first.trim();
        if (last != null) {
            last.trim();
        }
    }

    /** As {@link #add}, but only for who listens now. */
    public void tell(String stage, String text) {
        if (archive.trace().isActive()) {
            archive.trace().words(archive.nowMs(), id, userName(), stage, text);
        }
    }

    /** It is over; it moves to the archive. Later events are still taken. */
    public void end(String label, String text) {
        synchronized (this) {
            if (ending != null) {
                return;
            }
            add("end", text.isEmpty() ? label : label + ": " + text);
            settle();
            ending = new Ending(archive.nowMs(), label);
        }
        archive.ended(this);
    }

    /** Whether somebody wants the packets of this session or tunnel. */
    public boolean wantsPackets() {
        return archive.trace().isActive() && archive.trace().wantsPackets(id, userName());
    }

    /** A packet came or went; only after {@link #wantsPackets} said so. */
    public void packet(byte[] ipPacket) {
        archive.trace().packet(archive.nowMs(), id, userName(), ipPacket);
    }

    String id() { return id; }

    /** The user as he called himself last; empty: he has not yet. */
    public synchronized String userName() {
        return user;
    }

    synchronized long endedAtMs() { return ending == null ? 0 : ending.ms(); }

    /** A snapshot with its diagnosis. */
    public synchronized HistoryView view() {
        List<HistoryEvent> events = new ArrayList<>();
        first.unpack(bornMs, archive.stages(), events);
        if (last != null) {
            last.unpack(bornMs, archive.stages(), events);
        }
        boolean ended = ending != null;
        String cause = ending == null ? "" : ending.cause();
        return new HistoryView(id, user, ended, cause, forgotten, List.copyOf(events),
                Diagnosis.of(events, ended, cause));
    }
}

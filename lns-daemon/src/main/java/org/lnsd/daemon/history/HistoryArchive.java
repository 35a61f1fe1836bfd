package org.lnsd.daemon.history;

import org.lnsd.daemon.config.HistoryConfig;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The tracks of all living sessions and tunnels, and of the last that ended. Any thread. */
public final class HistoryArchive {

    private final HistoryConfig config;
    private final LongSupplier clockMs;
    private final Stages stages = new Stages();
    private final Map<String, HistoryTrack> living = new ConcurrentHashMap<>();
    private final Deque<HistoryTrack> ended = new ArrayDeque<>();

    /**
     * An empty archive.
     *
     * @param clockMs milliseconds since 1970
     */
    public HistoryArchive(HistoryConfig config, LongSupplier clockMs) {
        this.config = config;
        this.clockMs = clockMs;
    }

    /** A track for something that begins. {@link HistoryTrack#end} must be called once. */
    public HistoryTrack open(String id) {
        HistoryTrack track = new HistoryTrack(id, config.eventsPerSession(), this);
        living.put(id, track);
        return track;
    }

    /** The tracks of that id or user, the newest first. */
    public List<HistoryView> find(String idOrUser) {
        List<HistoryTrack> found = new ArrayList<>();
        living.values().stream().filter(track -> matches(track, idOrUser)).forEach(found::add);
        synchronized (ended) {
            expire();
            ended.descendingIterator().forEachRemaining(track -> {
                if (matches(track, idOrUser)) {
                    found.add(track);
                }
            });
        }
        return found.stream().map(HistoryTrack::view).toList();
    }

    /** The last ended ones, the newest first. */
    public List<HistoryView> recent(int count) {
        List<HistoryTrack> last = new ArrayList<>();
        synchronized (ended) {
            expire();
            ended.descendingIterator().forEachRemaining(track -> {
                if (last.size() < count) {
                    last.add(track);
                }
            });
        }
        return last.stream().map(HistoryTrack::view).toList();
    }

    Stages stages() { return stages; }

    long nowMs() { return clockMs.getAsLong(); }

    void ended(HistoryTrack track) {
        living.remove(track.id(), track);
        synchronized (ended) {
            ended.addLast(track);
            expire();
        }
    }

    private void expire() {
        long oldestMs = nowMs() - config.keep().toMillis();
        while (!ended.isEmpty() && (ended.size() > config.endedSessions() || ended.getFirst().endedAtMs() < oldestMs)) {
            ended.removeFirst();
        }
    }

    private static boolean matches(HistoryTrack track, String idOrUser) {
        return track.id().equals(idOrUser) || track.userName().equals(idOrUser);
    }
}

package org.lnsd.daemon.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.lnsd.daemon.config.HistoryConfig;
import org.lnsd.daemon.table.KeyedTable;
import org.lnsd.daemon.trace.TraceHub;

/** The tracks of all living sessions and tunnels, and of the last that ended. Any thread. */
public final class HistoryArchive {

    /** What the id of a tunnel's track begins with. */
    private static final String TUNNEL = "tunnel-";
    /** Tunnels come and go with a LAC that is not let in; they must not push sessions out. */
    private static final int ENDED_TUNNELS = 200;

    private final HistoryConfig config;
    private final LongSupplier clockMs;
    private final KeyedTable<String, HistoryTrack> living = new KeyedTable<>(HistoryTrack::id);
    private final Deque<HistoryTrack> endedSessions = new ArrayDeque<>();
    private final Deque<HistoryTrack> endedTunnels = new ArrayDeque<>();
    private final Stages stages = new Stages();
    private final TraceHub trace = new TraceHub();

    /**
     * An empty archive.
     *
     * @param clockMs milliseconds since 1970
     */
    public HistoryArchive(HistoryConfig config, LongSupplier clockMs) {
        this.config = config;
        this.clockMs = clockMs;
    }

    /** A track for a session that begins. {@link HistoryTrack#end} must be called once. */
    public HistoryTrack open(String id) {
        HistoryTrack track = new HistoryTrack(id, this);
        living.put(track);
        return track;
    }

    /** A track for a tunnel that begins; its user is the peer. {@link HistoryTrack#end} must be called once. */
    public HistoryTrack openTunnel(int localTunnelId, String peer) {
        HistoryTrack track = open(TUNNEL + localTunnelId);
        track.user(peer);
        return track;
    }

    /** A tunnel that was refused at its first message. */
    public void tunnelRefused(String address, String label, String text) {
        HistoryTrack track = new HistoryTrack(TUNNEL + "refused", this);
        track.user(address);
        track.end(label, text);
    }

    /** The sessions of that id or user, the newest first. */
    public List<HistoryView> find(String idOrUser) {
        return matching(endedSessions, idOrUser, idOrUser, false);
    }

    /** The tunnels of that id, peer or, for those that were refused, address; the newest first. */
    public List<HistoryView> findTunnel(String idOrPeer) {
        return matching(endedTunnels, TUNNEL + idOrPeer, idOrPeer, true);
    }

    private List<HistoryView> matching(Deque<HistoryTrack> ended, String id, String user, boolean tunnels) {
        List<HistoryTrack> found = new ArrayList<>();
        living.values().stream().filter(track -> isTunnel(track) == tunnels && matches(track, id, user))
                .forEach(found::add);
        synchronized (this) {
            expire();
            ended.descendingIterator().forEachRemaining(track -> {
                if (matches(track, id, user)) {
                    found.add(track);
                }
            });
        }
        return found.stream().map(HistoryTrack::view).toList();
    }

    /** The last ended ones, the newest first. */
    public List<HistoryView> recent(int count) {
        List<HistoryTrack> last = new ArrayList<>();
        synchronized (this) {
            expire();
            endedSessions.descendingIterator().forEachRemaining(last::add);
            endedTunnels.descendingIterator().forEachRemaining(last::add);
        }
        return last.stream()
                .sorted(java.util.Comparator.comparingLong(HistoryTrack::endedAtMs).reversed())
                .limit(Math.max(0, count)).map(HistoryTrack::view).toList();
    }

    /** Where one can listen to all this live. */
    public TraceHub trace() { return trace; }

    Stages stages() { return stages; }

    int eventsPerTrack() { return config.eventsPerSession(); }

    long nowMs() { return clockMs.getAsLong(); }

    void ended(HistoryTrack track) {
        living.remove(track);
        synchronized (this) {
            (isTunnel(track) ? endedTunnels : endedSessions).addLast(track);
            expire();
        }
    }

    private void expire() {
        long oldestMs = nowMs() - config.keep().toMillis();
        expire(endedSessions, config.endedSessions(), oldestMs);
        expire(endedTunnels, Math.min(ENDED_TUNNELS, config.endedSessions()), oldestMs);
    }

    private static void expire(Deque<HistoryTrack> ended, int maximum, long oldestMs) {
        while (!ended.isEmpty() && (ended.size() > maximum || ended.getFirst().endedAtMs() < oldestMs)) {
            ended.removeFirst();
        }
    }

    private static boolean isTunnel(HistoryTrack track) { return track.id().startsWith(TUNNEL); }

    private static boolean matches(HistoryTrack track, String id, String user) {
        return track.id().equals(id) || track.userName().equals(user);
    }
}

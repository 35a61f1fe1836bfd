package org.lnsd.daemon.trace;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Where sessions and tunnels tell what happens and operators listen. Any thread; costs one volatile read while nobody listens. */
public final class TraceHub {

    /** How many may listen at once. */
    public static final int MAXIMUM_TRACERS = 8;

    private final List<Tracer> tracers = new CopyOnWriteArrayList<>();

    /**
     * Begins to listen.
     *
     * @param names ids, users or peers
     * @param packets whether packets are wanted, too
     * @return empty when too many listen already
     */
    public Optional<Tracer> listen(Set<String> names, boolean packets) {
        synchronized (tracers) {
            if (tracers.size() >= MAXIMUM_TRACERS) {
                return Optional.empty();
            }
            Tracer tracer = new Tracer(this, names, packets);
            tracers.add(tracer);
            return Optional.of(tracer);
        }
    }

    /** Whether anybody listens at all. */
    public boolean isActive() { return !tracers.isEmpty(); }

    /** Whether anybody wants the packets of this one. */
    public boolean wantsPackets(String id, String user) {
        return isActive() && tracers.stream().anyMatch(tracer -> tracer.wantsPackets() && tracer.wants(id, user));
    }

    /** Something happened. */
    public void words(long timeMs, String id, String user, String stage, String text) {
        for (Tracer tracer : tracers) {
            if (tracer.wants(id, user)) {
                tracer.offer(TraceEvent.words(timeMs, id, stage, text));
            }
        }
    }

    /** Who it is has become known: those who waited for that name are told what happened so far. */
    public void named(String id, String user, Supplier<List<TraceEvent>> past) {
        for (Tracer tracer : tracers) {
            if (!tracer.wants(id, "") && tracer.wants("", user)) {
                past.get().forEach(tracer::offer);
            }
        }
    }

    /** A packet came or went. */
    public void packet(long timeMs, String id, String user, byte[] ipPacket) {
        for (Tracer tracer : tracers) {
            if (tracer.wantsPackets() && tracer.wants(id, user)) {
                tracer.offer(TraceEvent.packet(timeMs, id, ipPacket));
            }
        }
    }

    void remove(Tracer tracer) { tracers.remove(tracer); }
}

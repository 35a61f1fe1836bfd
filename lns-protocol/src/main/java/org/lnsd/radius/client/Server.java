package org.lnsd.radius.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** What is known of one server: its identifiers, its health, its counters. */
final class Server<C> {
    /** Timeouts in a row, with no answer in between, that make a server dead. */
    static final int DEADLY_TIMEOUTS = 3;

    final ServerSettings settings;
    final int number;
    boolean alive = true;
    boolean connected;
    long lastAnswerNs = Long.MIN_VALUE;
    long reviveNs = Long.MAX_VALUE;
    long probeNs = Long.MAX_VALUE;
    int timeoutsInRow;
    long balance;
    @Nullable
    Slot<C> probe;

    long requests;
    long retransmissions;
    long accepts;
    long rejects;
    long challenges;
    long malformed;
    long badAuthenticators;
    long missingAuthenticators;
    long timeouts;
    long unknownTypes;
    long packetsDropped;
    long roundTripNs;
    long probes;

    private final List<@Nullable Slot<C>> slots = new ArrayList<>();
    private final ArrayDeque<Integer> freeIndexes = new ArrayDeque<>();
    private int inFlight;

    Server(ServerSettings settings, int number) {
        this.settings = settings;
        this.number = number;
        this.connected = !settings.stream();
    }

    int inFlight() { return inFlight; }

    boolean hasRoom() { return connected && inFlight < settings.maximumInFlight(); }

    boolean isUsable() { return alive && connected; }

    /** Takes the identifier that has been free for longest, so that a late answer meets nobody else's request. */
    Slot<C> take(@Nullable Exchange<C> exchange) {
        if (freeIndexes.isEmpty()) {
            for (int i = 0; i < 256; i++) {
                freeIndexes.add(slots.size());
                slots.add(null);
            }
        }
        Slot<C> slot = new Slot<>(this, freeIndexes.remove(), exchange);
        slots.set(slot.index, slot);
        inFlight++;
        return slot;
    }

    void free(Slot<C> slot) {
        if (slots.get(slot.index) == slot) {
            slots.set(slot.index, null);
            freeIndexes.add(slot.index);
            inFlight--;
        }
    }

    @Nullable
    Slot<C> slot(int socket, int identifier) {
        int index = (socket << 8) + identifier;
        return index >= 0 && index < slots.size() ? slots.get(index) : null;
    }

    /** The exchanges that wait for this server now. */
    List<Exchange<C>> waiting() {
        List<Exchange<C>> waiting = new ArrayList<>();
        for (Slot<C> slot : slots) {
            if (slot != null && slot.exchange != null && slot.exchange.current == slot) {
                waiting.add(slot.exchange);
            }
        }
        return waiting;
    }

    ServerStatistics statistics() {
        return new ServerStatistics(settings.name(), isUsable(), requests, retransmissions, accepts, rejects,
                challenges,
                malformed, badAuthenticators, missingAuthenticators, inFlight, timeouts, unknownTypes, packetsDropped,
                roundTripNs, probes);
    }
}

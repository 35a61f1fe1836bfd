package org.lnsd.radius.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** What is known of one server: its identifiers, its health, its counters. */
final class Server<C> {
    /** Timeouts in a row, with no answer in between, that make a server dead. */
    static final int DEADLY_TIMEOUTS = 3;

    private static final byte[] NO_AUTHENTICATOR = new byte[16];
    private static final int FIRST_WINDOW = 128;
    private static final int SMALLEST_WINDOW = 16;

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

    ServerCounters counters = new ServerCounters();

    private final List<@Nullable Slot<C>> slots = new ArrayList<>();
    /** Authenticators of the requests that had the identifiers before. */
    private final List<byte[]> formerAuthenticators = new ArrayList<>();
    private final ArrayDeque<Integer> freeIndexes = new ArrayDeque<>();
    private int inFlight;
    /** Most requests that are under way now: a burst would overflow the server's socket, and a second one is lost like the first. */
    private int window;
    private long windowCutNs = Long.MIN_VALUE / 2;

    Server(ServerSettings settings, int number) {
        this.settings = settings;
        this.number = number;
        this.connected = !settings.stream();
        this.window = (int) Math.min((long) FIRST_WINDOW * settings.weight(), settings.maximumInFlight());
    }

    int inFlight() { return inFlight; }

    boolean hasRoom() { return connected && inFlight < settings.maximumInFlight(); }

    /** Whether it has as many requests as it shows to bear; what is over waits. A stream has a flow control of its own. */
    boolean isBusy() {
        return !settings.stream() && inFlight >= window;
    }

    /** An answer came to the first transmission. */
    void answeredInTime() {
        window = Math.min(settings.maximumInFlight(), window + 1);
    }

    /** A request, or its answer, was lost. What was sent together counts once. */
    void lost(long nowNs, long roundNs) {
        if (nowNs - windowCutNs >= roundNs) {
            windowCutNs = nowNs;
            window = Math.min(settings.maximumInFlight(), Math.max(SMALLEST_WINDOW, window / 2));
        }
    }

    boolean isUsable() { return alive && connected; }

    /** Takes the identifier that has been free for longest, so that a late answer meets nobody else's request. */
    Slot<C> take(@Nullable Exchange<C> exchange) {
        if (freeIndexes.isEmpty()) {
            for (int i = 0; i < 256; i++) {
                freeIndexes.add(slots.size());
                slots.add(null);
                formerAuthenticators.add(NO_AUTHENTICATOR);
            }
        }
        int index = freeIndexes.remove();
        Slot<C> slot = new Slot<>(this, index, exchange, formerAuthenticators.get(index));
        slots.set(index, slot);
        inFlight++;
        return slot;
    }

    void free(Slot<C> slot) {
        if (slots.get(slot.index) == slot) {
            slots.set(slot.index, null);
            formerAuthenticators.set(slot.index, slot.authenticator);
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

    ServerStatistics statistics() { return counters.statistics(settings.name(), isUsable(), inFlight); }
}

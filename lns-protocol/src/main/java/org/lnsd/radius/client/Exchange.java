package org.lnsd.radius.client;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** One request on its way, through all its servers and retransmissions. */
final class Exchange<C> {
    final C context;
    final RadiusRequest request;
    /** Servers that may be asked, a bit each. */
    final long eligibleServers;
    /** When it fails at the latest. */
    final long limitNs;
    /** Servers that have been asked, a bit each. */
    long visitedServers;
    int attemptsHere;
    long firstSentHereNs;
    long lastSentNs;
    long retransmitNs;
    long deadlineNs = Long.MAX_VALUE;
    boolean done;
    /** What is waited for now; null: the exchange is queued. */
    @Nullable
    Slot<C> current;
    /** All identifiers that it holds: an answer to any of them counts. */
    final List<Slot<C>> slots = new ArrayList<>(1);

    Exchange(C context, RadiusRequest request, long eligibleServers, long limitNs) {
        this.context = context;
        this.request = request;
        this.eligibleServers = eligibleServers;
        this.limitNs = limitNs;
    }
}

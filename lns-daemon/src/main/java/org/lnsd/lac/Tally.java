package org.lnsd.lac;

import java.util.Map;
import java.util.TreeMap;

/** What an emulator counts. Owned by its loop. */
final class Tally {

    /** Different texts of failure that are kept apart; peers choose the texts, so there must be an end to it. */
    private static final int MAXIMUM_CAUSES = 100;

    final SetupTimes setupTimes = new SetupTimes();
    private final Map<String, Integer> failures = new TreeMap<>();
    long controlSent;
    long controlReceived;
    long controlUnknown;
    long framesSent;
    long framesReceived;
    int sessionsLost;
    long firstCallNs = Long.MAX_VALUE;
    long lastOpenNs;

    void failed(String cause) {
        boolean known = failures.containsKey(cause) || failures.size() < MAXIMUM_CAUSES;
        failures.merge(known ? cause : "other causes", 1, Integer::sum);
    }

    void called(long nowNs) { firstCallNs = Math.min(firstCallNs, nowNs); }

    void opened(long startedNs, long nowNs) {
        setupTimes.add(nowNs - startedNs);
        lastOpenNs = nowNs;
    }

    /** Returns set-ups a second from the first call to the last success. */
    double setupsPerSecond() {
        long durationNs = lastOpenNs - firstCallNs;
        return setupTimes.count() == 0 || durationNs <= 0 ? 0 : setupTimes.count() * 1e9 / durationNs;
    }

    Map<String, Integer> failures() { return Map.copyOf(failures); }
}

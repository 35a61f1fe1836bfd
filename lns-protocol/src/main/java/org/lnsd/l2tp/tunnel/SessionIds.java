package org.lnsd.l2tp.tunnel;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/** Unpredictable session ids that are not given again soon after their session has ended. */
final class SessionIds {
    private static final int LAST_ID = 0xffff;
    private static final int MAXIMUM_RESTING = 8_192;

    private record Resting(int sessionId, long untilNs) {}

    private final RandomGenerator random;
    private final long quarantineNs;
    private final BitSet used = new BitSet();
    private final ArrayDeque<Resting> resting = new ArrayDeque<>(2);

    SessionIds(RandomGenerator random, long quarantineNs) {
        this.random = random;
        this.quarantineNs = quarantineNs;
    }

    /** An id from 1 to 65,535 that is neither in use nor resting, -1 when there is none. */
    int take(long nowNs) {
        wake(nowNs);
        int start = 1 + random.nextInt(LAST_ID);
        int sessionId = used.nextClearBit(start);
        if (sessionId > LAST_ID) {
            sessionId = used.nextClearBit(1);
        }
        if (sessionId > LAST_ID) {
            return -1;
        }
        used.set(sessionId);
        return sessionId;
    }

    /** The session is over; its id rests for a while. */
    void release(int sessionId, long nowNs) {
        resting.add(new Resting(sessionId, nowNs + quarantineNs));
        if (resting.size() > MAXIMUM_RESTING) {
            used.clear(resting.remove().sessionId);
        }
    }

    /** Whether the id is in use or was a short while ago. */
    boolean isRecent(int sessionId, long nowNs) {
        wake(nowNs);
        return used.get(sessionId);
    }

    private void wake(long nowNs) {
        Resting first = resting.peek();
        while (first != null && first.untilNs <= nowNs) {
            used.clear(resting.remove().sessionId);
            first = resting.peek();
        }
    }
}

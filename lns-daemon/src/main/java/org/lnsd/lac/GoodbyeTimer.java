package org.lnsd.lac;

import java.util.function.LongConsumer;
import org.lnsd.daemon.loop.DeadlineTable;
import org.lnsd.daemon.loop.Timed;

/** One alarm that can be set again. */
final class GoodbyeTimer extends Timed {

    private final LongConsumer alarm;
    private long deadlineNs = Long.MAX_VALUE;

    GoodbyeTimer(LongConsumer alarm) { this.alarm = alarm; }

    void arm(long atNs, DeadlineTable deadlines) {
        deadlineNs = atNs;
        deadlines.update(this);
    }

    @Override
    public long nextDeadlineNs() { return deadlineNs; }

    @Override
    public void onDeadline(long nowNs) {
        deadlineNs = Long.MAX_VALUE;
        alarm.accept(nowNs);
    }
}

package org.lnsd.daemon.aaa.radius;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** A journal for where there is no disk: bounded, forgotten with the process. */
final class MemoryJournal implements AccountingJournal {
    private static final int USUAL_BYTES = 600;

    private final long maximumBytes;
    private final Map<Long, AccountingRecord> records = new HashMap<>();
    private long lastNumber;

    MemoryJournal(long maximumBytes) { this.maximumBytes = maximumBytes; }

    @Override
    public long append(AccountingRecord record) {
        if (liveBytes() + USUAL_BYTES > maximumBytes) {
            return -1;
        }
        records.put(++lastNumber, record);
        return lastNumber;
    }

    @Override
    public AccountingRecord read(long number) {
        return Objects.requireNonNull(records.get(number), "record is not kept");
    }

    @Override
    public void done(long number) { records.remove(number); }

    @Override
    public void flush() {
        // Nothing is written.
    }

    @Override
    public void sync() {
        // Nothing is written.
    }

    @Override
    public long liveBytes() { return (long) records.size() * USUAL_BYTES; }

    @Override
    public void close() { records.clear(); }
}

package org.lnsd.daemon.aaa;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Gives Acct-Session-Ids that are unique across restarts: seconds of the start, a random part of this run, a number. Safe from any thread. */
public final class AcctSessionIds {
    private static final HexFormat DIGITS = HexFormat.of().withUpperCase();

    private final String runPrefix;
    private final AtomicInteger last = new AtomicInteger();

    /**
     * A new run.
     *
     * @param started when this node started
     * @param random source of the random part
     */
    public AcctSessionIds(Instant started, RandomGenerator random) {
        runPrefix = String.format(Locale.ROOT, "%08X%04X", (int) started.getEpochSecond(), random.nextInt(0x10000));
    }

    /** The next identifier: 20 hexadecimal digits. */
    public String next() {
        return runPrefix + DIGITS.toHexDigits(last.incrementAndGet());
    }
}

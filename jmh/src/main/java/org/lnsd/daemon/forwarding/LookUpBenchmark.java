package org.lnsd.daemon.forwarding;

import java.util.SplittableRandom;
import org.lnsd.benchmark.NanosecondBenchmark;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** From (tunnel, session) and from an address to the session's row, in random order over all sessions. */
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class LookUpBenchmark extends NanosecondBenchmark {
    private static final int QUESTIONS = 1 << 16;
    private static final int SESSIONS_OF_TUNNEL = 60_000;
    private static final int FIRST_ADDRESS = 0x6440_0000;
    private static final long FIRST_PREFIX = 0x2001_0db8_0000_0000L;

    /** Sessions in the tables. */
    @Param({"1000", "100000", "1000000"})
    int sessions;

    private final Tables tables = new Tables();
    private final int[] asked = new int[QUESTIONS];
    private int next;

    /** Fills the tables; every session has an address and a prefix. */
    @Setup
    public void fill() {
        for (int row = 0; row < sessions; row++) {
            tables.putSession(1 + row / SESSIONS_OF_TUNNEL, 1 + row % SESSIONS_OF_TUNNEL, row);
            tables.ipv4().put((long) (FIRST_ADDRESS + row) << 32, 0, 32, row);
            tables.ipv6().put(FIRST_PREFIX + row, 0, 64, row);
        }
        SplittableRandom random = new SplittableRandom(sessions);
        for (int i = 0; i < QUESTIONS; i++) {
            asked[i] = random.nextInt(sessions);
        }
    }

    private int nextRow() { return asked[next++ & QUESTIONS - 1]; }

    /** Upstream. */
    @Benchmark
    public int session() {
        int row = nextRow();
        return tables.session(1 + row / SESSIONS_OF_TUNNEL, 1 + row % SESSIONS_OF_TUNNEL);
    }

    /** Downstream, IPv4. */
    @Benchmark
    public int ipv4() { return tables.ipv4(FIRST_ADDRESS + nextRow()); }

    /** Downstream, IPv6. */
    @Benchmark
    public int ipv6() { return tables.ipv6(FIRST_PREFIX + nextRow(), 0x1234); }
}

package org.lnsd.tun;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The Internet checksum (RFC 1071) over what a packet or a super-packet holds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ChecksumBenchmark {
    private final long memory = Memory.map(1 << 16);

    /** Octets that are summed. */
    @Param({"20", "64", "1400", "65000"})
    int lengthBytes;

    /** One sum, folded. */
    @Benchmark
    public int checksum() { return Checksum.finish(Checksum.sum(memory, lengthBytes)); }

    /** Gives the memory back. */
    @TearDown
    public void free() { Memory.unmap(memory); }
}

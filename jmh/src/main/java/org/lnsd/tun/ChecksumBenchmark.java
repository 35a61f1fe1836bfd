package org.lnsd.tun;

import org.lnsd.benchmark.NanosecondBenchmark;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;

/** The Internet checksum (RFC 1071) over what a packet or a super-packet holds. */
public class ChecksumBenchmark extends NanosecondBenchmark {
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

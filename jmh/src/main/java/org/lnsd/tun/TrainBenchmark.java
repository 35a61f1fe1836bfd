package org.lnsd.tun;

import org.lnsd.benchmark.NanosecondBenchmark;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Joining 32 TCP segments to a train and cutting one; times are those of one segment. */
public class TrainBenchmark extends NanosecondBenchmark {
    private static final int SEGMENTS = 32;

    /** Payload of each. */
    @Param({"64", "1348"})
    int payloadBytes;

    private final long superPacket = Memory.map(1 << 17);
    private final long headers = Memory.map(SEGMENTS * (long) Splitter.MAXIMUM_HEADER);
    private final Splitter splitter = new Splitter();
    private final Coalescer coalescer = new Coalescer((_, _) -> 0, new Coalescer.Stats(), true, true);
    private long[] addresses = {};
    private int lengthBytes;
    private byte[][] fresh = {};

    /** Lays out the segments and the super-packet. */
    @Setup
    @SuppressWarnings("resource") // the segments stay until the process ends
    public void prepare() {
        Segments segments = new Segments(SEGMENTS, payloadBytes);
        addresses = new long[SEGMENTS];
        fresh = new byte[SEGMENTS][];
        lengthBytes = segments.lengthBytes();
        for (int i = 0; i < SEGMENTS; i++) {
            addresses[i] = segments.address(i);
            fresh[i] = Memory.toArray(addresses[i], Segments.HEADER_BYTES);
        }
        Segments.writeSuperPacket(superPacket, SEGMENTS * payloadBytes, payloadBytes);
    }

    /** Checks, joins and writes a train; the first header, which becomes the train's, is laid out anew each time. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public void coalesce() {
        Memory.fromArray(fresh[0], 0, addresses[0], Segments.HEADER_BYTES);
        for (long address : addresses) {
            coalescer.add(address, lengthBytes, 0);
        }
        coalescer.flush();
    }

    /** Cuts a super-packet: headers and checksums of each segment. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public boolean split() {
        boolean good = splitter.begin(superPacket, superPacket + VirtioNetHeader.LENGTH,
                Segments.HEADER_BYTES + SEGMENTS * payloadBytes);
        for (int i = 0; i < splitter.count(); i++) {
            splitter.writeHeader(i, headers + (long) i * Splitter.MAXIMUM_HEADER);
        }
        return good;
    }

    /** Gives the memory back. */
    @TearDown
    public void free() {
        coalescer.close();
        Memory.unmap(superPacket);
        Memory.unmap(headers);
    }
}

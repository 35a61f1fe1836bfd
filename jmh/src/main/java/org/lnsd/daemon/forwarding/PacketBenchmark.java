package org.lnsd.daemon.forwarding;

import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.lnsd.benchmark.NanosecondBenchmark;
import org.lnsd.daemon.shaping.PacketPool;
import org.lnsd.tun.Coalescer;
import org.lnsd.tun.Memory;
import org.lnsd.tun.ReceiveBatch;
import org.lnsd.tun.SocketAddresses;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What lnsd itself does to one packet, without the kernel: no socket and no device. */
public class PacketBenchmark extends NanosecondBenchmark {
    private static final int ROW = 5;
    private static final int ROWS = 16;
    private static final int TUNNEL = 3;
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 1701);
    /** L2TP, PPP, IPv4, UDP of 64 octets: with a checksum of 0, so that each goes by itself. */
    private static final String DATAGRAM = "000212345678" + "ff030021" + "4500005c000040004011000064400001cb007107"
            + "0009000900480000" + "00".repeat(64);

    private final Tables tables = new Tables();
    private final Rows rows = new Rows(ROWS, ROWS);
    private final ReceiveBatch batch = new ReceiveBatch(2, 4096);
    private final LoopCounters counters = new LoopCounters(ROWS);
    private final RowLimits limits = new RowLimits(ROWS, new PacketPool(ROWS));
    private final Coalescer coalescer = new Coalescer((_, _) -> 0, new Coalescer.Stats(), true, true);
    private final Upstream upstream = new Upstream(tables, rows, batch, coalescer, counters, new NobodysFrames(),
            new LimitGate(limits, counters, 0), _ -> {});
    private final long memory = Memory.map(8192);
    private int lengthBytes;

    /** Puts the session into the tables and the datagram into memory. */
    @Setup
    public void prepare() {
        rows.setDestination(TUNNEL, 0, PEER, new InetSocketAddress("192.0.2.2", 1701));
        rows.setPeerIds(ROW, 9, 9);
        rows.setWord(ROW, Rows.ADDRESS_CONTROL | Rows.NETWORK_FLAGS, 1500, TUNNEL);
        tables.putSession(0x1234, 0x5678, ROW);
        tables.ipv4().put(0x6440_0001L << 32, 0, 32, ROW);
        SocketAddresses.write(batch.nameAddress(0), PEER);
        byte[] octets = HexFormat.of().parseHex(DATAGRAM);
        lengthBytes = octets.length;
        Memory.fromArray(octets, 0, memory, lengthBytes);
    }

    /** From datagram to what is written to the device: look-up, checks, counters. */
    @Benchmark
    public void decapsulate() { upstream.packet(0, memory, lengthBytes); }

    /** From an IP packet to its L2TP and PPP header: look-up by destination and header. */
    @Benchmark
    public int encapsulate() {
        int row = tables.ipv4(0x6440_0001);
        int flags = Rows.flags(rows.word(row));
        L2tpDataHeader.write(memory + 4096, rows, row, flags, false);
        return L2tpDataHeader.lengthBytes(flags);
    }

    /** Gives the memory back. */
    @TearDown
    public void free() {
        upstream.close();
        coalescer.close();
        batch.close();
        rows.close();
        counters.close();
        Memory.unmap(memory);
    }

    private static final class NobodysFrames implements Punt {
        @Override
        public boolean frame(int row, long address, int lengthBytes, long nowNs) { return true; }

        @Override
        public boolean control(int index, int socketIndex, long address, int lengthBytes, long nowNs) { return true; }
    }
}

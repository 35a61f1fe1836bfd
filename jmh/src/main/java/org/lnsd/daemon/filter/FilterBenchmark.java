package org.lnsd.daemon.filter;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lnsd.benchmark.NanosecondBenchmark;
import org.lnsd.tun.Memory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What a filter costs a packet: reading its fields and the decision, by the last rule of the list. */
public class FilterBenchmark extends NanosecondBenchmark {
    private static final int PACKETS = 64;
    private static final int PACKET_BYTES = 64;
    /** IPv4 and IPv6 with TCP to port 443. */
    private static final String IPV4 = "45000028000040004006000064400007c6336405";
    private static final String IPV6 = "60000000001406402001" + "0db8000000010000000000000001"
            + "20010db8000000020000000000000002";
    private static final String TCP = "c00001bb" + "00".repeat(8) + "50100000" + "00000000";

    private final PacketFields fields = new PacketFields();
    private final long memory = Memory.map(PACKETS * PACKET_BYTES);
    private CompiledFilter filter = new CompiledFilter("none", List.of(), 1);
    private int lengthBytes;
    private int turn;

    /** Rules in the list. */
    @Param({"1", "10", "100", "1000"})
    int rules;

    /** IP version of the packets. */
    @Param({"4", "6"})
    int family;

    /** Makes the list, and packets from different addresses and ports. */
    @Setup
    public void prepare() {
        filter = new CompiledFilter("benchmark", Stream.concat(IntStream.range(1, rules).mapToObj(this::other),
                Stream.of("permit any")).map(FilterParser::parse).collect(Collectors.toList()), 1);
        byte[] octets = HexFormat.of().parseHex((family == 4 ? IPV4 : IPV6) + TCP);
        lengthBytes = octets.length;
        for (int packet = 0; packet < PACKETS; packet++) {
            int port = lengthBytes - 20;
            octets[port] = (byte) (packet * 4 + 1);
            octets[family == 4 ? 15 : 23] = (byte) packet;
            Memory.fromArray(octets, 0, memory + (long) packet * PACKET_BYTES, lengthBytes);
        }
    }

    private String other(int number) {
        String to = family == 4
                ? "198.51." + number % 200 + ".0/24"
                : "2001:db8:0:" + Integer.toHexString(number) + "::/64";
        return "deny tcp any " + to + " range " + number + " " + (number + 100);
    }

    /** One packet. */
    @Benchmark
    public boolean decide() {
        turn = turn + 1 & PACKETS - 1;
        return fields.read(memory + (long) turn * PACKET_BYTES, lengthBytes) && filter.permits(fields, 0);
    }

    /** Gives the memory back. */
    @TearDown
    public void free() { Memory.unmap(memory); }
}

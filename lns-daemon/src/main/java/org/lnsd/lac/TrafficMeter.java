package org.lnsd.lac;

import org.lnsd.tun.Memory;

/** Counts the measured packets that arrive at either end. Everything on the control loop. */
final class TrafficMeter {

    private static final int MINIMUM_L2TP_BYTES = 12;
    private static final int CONTROL_BIT = 0x8000;
    private static final int LENGTH_BIT = 0x4000;
    private static final int SEQUENCE_BIT = 0x0800;
    private static final int OFFSET_BIT = 0x0200;
    private static final int ADDRESS_CONTROL = 0xFF03;
    private static final int IPV4 = 0x21;
    private static final int UDP = 17;
    private static final int UDP_HEADER_BYTES = 8;
    private static final int MINIMUM_IPV4_BYTES = 20;

    private final LatencyHistogram latency = new LatencyHistogram();
    private long[] lastSequence = new long[0];
    private long[] receivedOfFlow = new long[0];
    private long beginNs;
    private long received;
    private long repeated;
    private long octets;

    /** Forgets everything, and what was sent before counts no more; the flows are numbered from 0. */
    void begin(int flows, long nowNs) {
        beginNs = nowNs;
        lastSequence = new long[flows];
        receivedOfFlow = new long[flows];
        received = 0;
        repeated = 0;
        octets = 0;
        latency.clear();
    }

    /** A datagram at the Internet's end: the payload itself. */
    boolean onCoreDatagram(long address, int lengthBytes, long nowNs) {
        if (TrafficMark.isAt(address, lengthBytes)) {
            count(address, lengthBytes, nowNs);
        }
        return true;
    }

    /** A datagram at the LAC's end: L2TP, PPP, IPv4 and UDP around the payload; false if it is anything else. */
    boolean onTunnelDatagram(long address, int lengthBytes, long nowNs) {
        int flags = lengthBytes < MINIMUM_L2TP_BYTES ? CONTROL_BIT : Memory.getShortBe(address);
        if ((flags & (CONTROL_BIT | OFFSET_BIT)) != 0) {
            return false;
        }
        int offset = 6 + ((flags & LENGTH_BIT) != 0 ? 2 : 0) + ((flags & SEQUENCE_BIT) != 0 ? 4 : 0);
        if (offset + 2 < lengthBytes && Memory.getShortBe(address + offset) == ADDRESS_CONTROL) {
            offset += 2;
        }
        if (offset + 2 < lengthBytes && Memory.getByte(address + offset) == 0) {
            offset++;
        }
        int packet = offset + 1;
        if (packet + MINIMUM_IPV4_BYTES + UDP_HEADER_BYTES > lengthBytes || Memory.getByte(address + offset) != IPV4
                || Memory.getByte(address + packet + 9) != UDP) {
            return false;
        }
        int payload = packet + (Memory.getByte(address + packet) & 0xF) * 4 + UDP_HEADER_BYTES;
        if (!TrafficMark.isAt(address + payload, lengthBytes - payload)) {
            return false;
        }
        count(address + payload, lengthBytes - payload, nowNs);
        return true;
    }

    private void count(long mark, int payloadBytes, long nowNs) {
        int flow = TrafficMark.flow(mark);
        long sequence = TrafficMark.sequence(mark);
        if (flow < 0 || flow >= lastSequence.length || TrafficMark.sentNs(mark) < beginNs) {
            return; // of an earlier step
        }
        received++;
        receivedOfFlow[flow]++;
        octets += payloadBytes;
        if (sequence <= lastSequence[flow]) {
            repeated++;
        } else {
            lastSequence[flow] = sequence;
        }
        latency.add(nowNs - TrafficMark.sentNs(mark));
    }

    long received() { return received; }

    long receivedOf(int flow) { return receivedOfFlow[flow]; }

    long repeated() { return repeated; }

    long octets() { return octets; }

    LatencyHistogram latency() { return latency; }
}

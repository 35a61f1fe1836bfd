package org.lnsd.lac;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.lnsd.daemon.forwarding.SessionPath;
import org.lnsd.tun.Memory;
import org.lnsd.tun.SendBatch;

/**
 * Sends the packets of a step at its pace, the subscribers in turn. Upstream the whole packet is made here: L2TP, PPP, IPv4, UDP, right to the
 * last checksum; downstream the kernel makes IP and UDP.
 */
final class TrafficSender implements AutoCloseable {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long TICK_NS = 500_000;
    private static final int ADDRESS_CONTROL = 0xFF03;
    private static final int IPV4 = 0x0021;
    private static final int IPV4_BYTES = 20;
    private static final int UDP_BYTES = 8;
    private static final int PORT = 9;
    private static final int L2TP_VERSION = 2;

    private final List<Flow> flows;
    private final SendBatch batch;
    private final SendBatch.Stats stats = new SendBatch.Stats();
    private final long destinations;
    private final long filler = Memory.map(1 << 12);
    private final long[] sequences;
    private final boolean up;
    private final int corePort;
    private final int coreAddress;
    private long sent;

    /**
     * One subscriber.
     *
     * @param path    its session
     * @param address its IPv4 address
     */
    record Flow(SessionPath path, Inet4Address address) {}

    TrafficSender(boolean up, List<Flow> flows, TunnelSocket through, InetSocketAddress core) {
        this.up = up;
        this.flows = List.copyOf(flows);
        sequences = new long[flows.size()];
        batch = new SendBatch(new int[]{through.fd()}, through.canSendTrains(), stats);
        destinations = Memory.map((long) flows.size() * SendBatch.DESTINATION + 1);
        corePort = core.getPort();
        coreAddress = bits(core.getAddress());
        for (int flow = 0; flow < flows.size(); flow++) {
            InetSocketAddress to = up
                    ? flows.get(flow).path().tunnel().peer()
                    : new InetSocketAddress(flows.get(flow).address(), PORT);
            SendBatch.writeDestination(destinations + (long) flow * SendBatch.DESTINATION, 0, to,
                    through.local().getAddress());
        }
    }

    /** Sends for the step's time, or until asked to stop; returns how long it took, in seconds. */
    double run(TrafficStep step, CountDownLatch stop) {
        long startNs = System.nanoTime();
        long endNs = startNs + step.seconds() * SECOND_NS;
        long packets = 0;
        int flow = 0;
        long nowNs = startNs;
        while (nowNs < endNs && stop.getCount() > 0) {
            long due = step.packetsPerSecond() == 0
                    ? packets + 256L
                    : (long) ((nowNs - startNs) / 1e9 * step.packetsPerSecond());
            while (packets < due) {
                for (int place = 0; place < step.train(); place++) {
                    packet(flow, step.payloadBytes(packets), nowNs);
                    packets++;
                }
                flow = flow + 1 == flows.size() ? 0 : flow + 1;
            }
            long refusedBefore = stats.full;
            batch.flush();
            nowNs = System.nanoTime();
            if (step.packetsPerSecond() != 0 || stats.full > refusedBefore) {
                LockSupport.parkNanos(Math.max(1, Math.min(TICK_NS, endNs - nowNs)));
                nowNs = System.nanoTime();
            }
        }
        sent = packets - stats.full - stats.errors;
        return (System.nanoTime() - startNs) / 1e9;
    }

    /** Returns how many packets the kernel took. */
    long sent() { return sent; }

    private void packet(int flow, int payloadBytes, long nowNs) {
        if (!batch.hasRoom()) {
            batch.flush();
        }
        long slot = batch.slot();
        int headerBytes = up ? headers(slot, flows.get(flow), payloadBytes) : 0;
        TrafficMark.write(slot + headerBytes, flow, ++sequences[flow], nowNs);
        if (up) {
            checksum(slot + headerBytes - UDP_BYTES, payloadBytes, flows.get(flow));
        }
        // all tunnels run between the same two addresses and ports: one block, so that packets of several sessions can share a train
        long destination = destinations + (up ? 0 : (long) flow * SendBatch.DESTINATION);
        batch.datagram(destination, headerBytes + payloadBytes);
        batch.append(slot, headerBytes + TrafficMark.LENGTH_BYTES);
        if (payloadBytes > TrafficMark.LENGTH_BYTES) {
            batch.append(filler, payloadBytes - TrafficMark.LENGTH_BYTES);
        }
    }

    private int headers(long at, Flow flow, int payloadBytes) {
        SessionPath path = flow.path();
        Memory.putShortBe(at, L2TP_VERSION);
        Memory.putShortBe(at + 2, path.tunnel().peerTunnelId());
        Memory.putShortBe(at + 4, path.peerSessionId());
        long ppp = at + 6;
        if (path.addressControl()) {
            Memory.putShortBe(ppp, ADDRESS_CONTROL);
            ppp += 2;
        }
        Memory.putShortBe(ppp, IPV4);
        long ip = ppp + 2;
        int totalBytes = IPV4_BYTES + UDP_BYTES + payloadBytes;
        Memory.putIntBe(ip, 0x4500_0000 | totalBytes);
        Memory.putIntBe(ip + 4, 0x4000); // no identification, Don't Fragment
        Memory.putIntBe(ip + 8, 0x4011_0000); // 64 hops, UDP
        Memory.putIntBe(ip + 12, bits(flow.address()));
        Memory.putIntBe(ip + 16, coreAddress);
        Memory.putShortBe(ip + 10, fold(sum(ip, IPV4_BYTES)));
        long udp = ip + IPV4_BYTES;
        Memory.putShortBe(udp, PORT);
        Memory.putShortBe(udp + 2, corePort);
        Memory.putShortBe(udp + 4, UDP_BYTES + payloadBytes);
        Memory.putShortBe(udp + 6, 0);
        return (int) (udp + UDP_BYTES - at);
    }

    /** The filler is zeros, so only the headers and the mark count. */
    private void checksum(long udp, int payloadBytes, Flow flow) {
        long sum = sum(udp, UDP_BYTES + TrafficMark.LENGTH_BYTES) + 17 + UDP_BYTES + payloadBytes;
        sum += (bits(flow.address()) >>> 16) + (bits(flow.address()) & 0xFFFF) + (coreAddress >>> 16)
                + (coreAddress & 0xFFFF);
        int folded = fold(sum);
        Memory.putShortBe(udp + 6, folded == 0 ? 0xFFFF : folded);
    }

    private static long sum(long at, int lengthBytes) {
        long sum = 0;
        for (int offset = 0; offset < lengthBytes; offset += 2) {
            sum += Memory.getShortBe(at + offset);
        }
        return sum;
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return (int) ~folded & 0xFFFF;
    }

    private static int bits(InetAddress address) {
        byte[] octets = address.getAddress();
        return (octets[0] & 0xFF) << 24 | (octets[1] & 0xFF) << 16 | (octets[2] & 0xFF) << 8 | (octets[3] & 0xFF);
    }

    @Override
    public void close() {
        batch.close();
        Memory.unmap(destinations);
        Memory.unmap(filler);
    }
}

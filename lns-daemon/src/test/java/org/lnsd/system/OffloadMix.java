package org.lnsd.system;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A seeded mix of packets between subscribers (10.9.0.N, 2001:db8:9:N::1) and the core (198.51.100.1, 2001:db8:100::1). */
final class OffloadMix {
    /** One packet and whose it is. */
    record Packet(int session, byte[] octets) {
        boolean ipv6() { return octets[0] >>> 4 == 6; }
    }

    private final Random random;
    private final boolean fromSubscriber;
    private final List<Flow> flows = new ArrayList<>();

    private static final class Flow {
        int session;
        boolean ipv6;
        int protocol;
        int port;
        int sizeBytes;
        int identification;
        int sequence;
        int trafficClass;
        int left;
    }

    OffloadMix(long seed, int sessions, boolean fromSubscriber) {
        random = new Random(seed);
        this.fromSubscriber = fromSubscriber;
        for (int i = 0; i < 3 * sessions; i++) {
            Flow flow = new Flow();
            flow.session = 1 + i % sessions;
            flow.ipv6 = random.nextBoolean();
            flow.protocol = random.nextInt(10) == 0 ? 47 : random.nextBoolean() ? 6 : 17;
            flow.port = 1024 + i;
            flow.sizeBytes = 20 + random.nextInt(1200);
            flow.identification = random.nextInt(65_536);
            flow.sequence = random.nextInt();
            flows.add(flow);
        }
    }

    /** The next packets: runs of one flow, as hosts send them, with everything in between that must keep packets apart. */
    List<Packet> next(int count) {
        List<Packet> packets = new ArrayList<>();
        while (packets.size() < count) {
            Flow flow = flows.get(random.nextInt(flows.size()));
            flow.left = 1 + random.nextInt(12);
            while (flow.left-- > 0 && packets.size() < count) {
                packets.add(new Packet(flow.session, packet(flow)));
            }
        }
        return packets;
    }

    private byte[] packet(Flow flow) {
        int transportBytes = flow.protocol == 6 ? 20 : flow.protocol == 17 ? 8 : 4;
        int payloadBytes = random.nextInt(9) == 0 ? 1 + random.nextInt(flow.sizeBytes) : flow.sizeBytes;
        int networkBytes = flow.ipv6 ? 40 : 20;
        ByteBuffer to = ByteBuffer.allocate(networkBytes + transportBytes + payloadBytes);
        flow.trafficClass = random.nextInt(40) == 0 ? flow.trafficClass ^ 3 : flow.trafficClass;
        network(flow, to, transportBytes + payloadBytes);
        byte[] payload = new byte[payloadBytes];
        random.nextBytes(payload);
        transport(flow, to, payload);
        flow.identification = (flow.identification + (random.nextInt(50) == 0 ? 5 : 1)) & 0xFFFF;
        flow.sequence += payloadBytes + (random.nextInt(50) == 0 ? 1 : 0);
        return to.array();
    }

    private void network(Flow flow, ByteBuffer to, int segmentBytes) {
        if (flow.ipv6) {
            long subscriber = 0x2001_0db8_0009_0000L | flow.session;
            long core = 0x2001_0db8_0100_0000L;
            to.putInt(0x6000_0000 | flow.trafficClass << 20).putShort((short) segmentBytes).put((byte) flow.protocol)
                    .put((byte) 64);
            to.putLong(fromSubscriber ? subscriber : core).putLong(1).putLong(fromSubscriber ? core : subscriber)
                    .putLong(1);
            return;
        }
        int subscriber = 0x0A09_0000 | flow.session;
        int core = 0xC633_6401;
        to.put((byte) 0x45).put((byte) flow.trafficClass).putShort((short) to.capacity())
                .putShort((short) (flow.identification == 0 ? 1 : flow.identification)).putShort((short) 0x4000)
                .put((byte) 64).put((byte) flow.protocol).putShort((short) 0)
                .putInt(fromSubscriber ? subscriber : core).putInt(fromSubscriber ? core : subscriber);
        to.putShort(10, (short) ~sum(to.array(), 0, 20, 0));
    }

    private void transport(Flow flow, ByteBuffer to, byte[] payload) {
        int at = to.position();
        if (flow.protocol == 47) {
            to.putInt(flow.port).put(payload);
            return;
        }
        to.putShort((short) flow.port).putShort((short) 443);
        int checksumAt = at + 6;
        if (flow.protocol == 6) {
            int flags = 0x10 | (random.nextInt(8) == 0 ? 0x08 : 0) | (random.nextInt(60) == 0 ? 0x01 : 0);
            to.putInt(flow.sequence).putInt(7).put((byte) 0x50).put((byte) flags).putShort((short) 500).putInt(0);
            checksumAt = at + 16;
        } else {
            to.putShort((short) (8 + payload.length)).putShort((short) 0);
        }
        to.put(payload);
        int pseudo = sum(to.array(), flow.ipv6 ? 8 : 12, flow.ipv6 ? 40 : 20, flow.protocol + to.capacity() - at);
        int checksum = ~sum(to.array(), at, to.capacity(), pseudo) & 0xFFFF;
        int corrupt = random.nextInt(40) == 0 ? 1 : 0;
        to.putShort(checksumAt, (short) ((checksum == 0 ? 0xFFFF : checksum) ^ corrupt));
    }

    /** What a router makes of a packet: one hop less, and the IPv4 header's checksum anew. */
    static byte[] routed(byte[] packet) {
        byte[] copy = packet.clone();
        if (copy[0] >>> 4 == 6) {
            copy[7]--;
            return copy;
        }
        copy[8]--;
        ByteBuffer.wrap(copy).putShort(10, (short) 0);
        ByteBuffer.wrap(copy).putShort(10, (short) ~sum(copy, 0, 20, 0));
        return copy;
    }

    /** Whether the source is one of the subscribers. */
    static boolean isFromSubscriber(byte[] packet) {
        ByteBuffer in = ByteBuffer.wrap(packet);
        return packet[0] >>> 4 == 6
                ? in.getLong(8) >>> 16 == 0x2001_0db8_0009L
                : in.getInt(12) >>> 16 == 0x0A09;
    }

    /** What tells flows apart: addresses, protocol and ports. */
    static String flowOf(byte[] packet) {
        boolean ipv6 = packet[0] >>> 4 == 6;
        int transport = ipv6 ? 40 : 20;
        ByteBuffer in = ByteBuffer.wrap(packet);
        return (ipv6 ? in.getLong(8) + "-" + in.getLong(24) : in.getLong(12)) + "-" + packet[ipv6 ? 6 : 9] + "-"
                + in.getInt(transport);
    }

    private static int sum(byte[] octets, int from, int end, int initial) {
        long sum = initial;
        for (int i = from; i < end; i += 2) {
            sum += (octets[i] & 0xFF) << 8 | (i + 1 < end ? octets[i + 1] & 0xFF : 0);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) sum;
    }
}

package org.lnsd.tun;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A TCP or UDP packet, built octet by octet without the code that is tested. */
final class TestPacket {
    boolean ipv6;
    boolean tcp = true;
    int trafficClass;
    int flowLabel = 0x12345;
    int identification = 100;
    int fragmentField = 0x4000;
    int hops = 63;
    int nextHeader = -1;
    int source = 1;
    int destination = 2;
    int sourcePort = 1000;
    int destinationPort = 80;
    int sequence = 1_000_000;
    int acknowledgement = 77;
    int reserved;
    int flags = 0x10;
    int window = 1000;
    int urgent;
    byte[] networkOptions = {};
    byte[] transportOptions = {};
    byte[] payload = new byte[100];
    boolean checksum = true;

    static TestPacket of(boolean ipv6, boolean tcp) {
        TestPacket packet = new TestPacket();
        packet.ipv6 = ipv6;
        packet.tcp = tcp;
        for (int i = 0; i < packet.payload.length; i++) {
            packet.payload[i] = (byte) (i * 7 + 1);
        }
        return packet;
    }

    TestPacket with(Consumer<TestPacket> change) {
        change.accept(this);
        return this;
    }

    /** The packet that follows in the flow. */
    TestPacket next() {
        identification = (identification + 1) & 0xFFFF;
        sequence += payload.length;
        return this;
    }

    int networkBytes() { return ipv6 ? 40 : 20 + networkOptions.length; }

    int transportBytes() { return tcp ? 20 + transportOptions.length : 8; }

    byte[] build() {
        int segmentBytes = transportBytes() + payload.length;
        ByteBuffer to = ByteBuffer.allocate(networkBytes() + segmentBytes);
        int protocol = nextHeader >= 0 ? nextHeader : tcp ? 6 : 17;
        if (ipv6) {
            to.putInt(0x6000_0000 | trafficClass << 20 | flowLabel).putShort((short) segmentBytes).put((byte) protocol)
                    .put((byte) hops);
            to.putLong(0x2001_0db8_0000_0000L).putLong(source).putLong(0x2001_0db8_0000_0000L).putLong(destination);
        } else {
            to.put((byte) (0x40 | networkBytes() / 4)).put((byte) trafficClass).putShort((short) to.capacity())
                    .putShort((short) identification).putShort((short) fragmentField).put((byte) hops)
                    .put((byte) protocol).putShort((short) 0)
                    .putInt(0x0A00_0000 | source).putInt(0x0A00_0000 | destination).put(networkOptions);
            to.putShort(10, (short) ~sum(to.array(), 0, networkBytes(), 0));
        }
        transport(to, segmentBytes);
        if (checksum) {
            int pseudo = sum(to.array(), ipv6 ? 8 : 12, ipv6 ? 40 : 20, protocol + segmentBytes);
            int value = ~sum(to.array(), networkBytes(), to.capacity(), pseudo) & 0xFFFF;
            to.putShort(networkBytes() + (tcp ? 16 : 6), (short) (value == 0 && !tcp ? 0xFFFF : value));
        }
        return to.array();
    }

    private void transport(ByteBuffer to, int segmentBytes) {
        to.putShort((short) sourcePort).putShort((short) destinationPort);
        if (tcp) {
            to.putInt(sequence).putInt(acknowledgement).put((byte) (transportBytes() / 4 << 4 | reserved))
                    .put((byte) flags).putShort((short) window).putShort((short) 0).putShort((short) urgent)
                    .put(transportOptions);
        } else {
            to.putShort((short) segmentBytes).putShort((short) 0);
        }
        to.put(payload);
    }

    /** The ones' complement sum of RFC 1071, sixteen bits at a time. */
    static int sum(byte[] octets, int from, int end, int initial) {
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

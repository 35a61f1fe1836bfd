package org.lnsd.daemon.forwarding;

import java.net.InetSocketAddress;
import org.lnsd.tun.Memory;
import org.lnsd.tun.SendBatch;

/**
 * One cache line a session, in native memory: what the path needs of it. What can change while packets flow is in one word
 * that is written at once; the control loop writes, every loop reads.
 */
final class Rows {
    static final int ADDRESS_CONTROL = 0x01;
    static final int PROTOCOL_COMPRESSED = 0x02;
    static final int SEQUENCING = 0x04;
    static final int SOURCE_CHECK = 0x08;
    static final int MSS_CLAMP = 0x10;
    static final int IPV4 = 0x20;
    static final int IPV6 = 0x40;
    static final int LIMITED_IN = 0x80;
    static final int LIMITED_OUT = 0x100;
    /** What passes is seen by a tap. */
    static final int TAPPED = 0x400;
    /** Flags that {@link Forwarding#limit} sets. */
    static final int LIMIT_FLAGS = LIMITED_IN | LIMITED_OUT | TAPPED;
    /** Packets go to the control loop, which sends them round the links of a bundle (RFC 1990). */
    static final int MULTILINK = 0x200;
    /** Flags that {@link Forwarding#attach} sets. */
    static final int NETWORK_FLAGS = SOURCE_CHECK | MSS_CLAMP | IPV4 | IPV6;

    private static final int STRIDE = 64;
    private static final int PEER_IDS = 8;
    private static final int SOURCE_IPV4 = 12;
    private static final int SOURCE_IPV6 = 16;
    private static final int SEND_NS = 24;
    private static final int EXPECTED_NS = 28;
    /** To the end of the line: the last numbers that control frames had, each where its low bits say. */
    private static final int CONTROL_NS = 32;
    private static final int CONTROL_NS_MASK = 7;
    /** Set in what holds a number, so that 0 is none. */
    private static final int NUMBERED = 0x10000;

    private final int maximumRows;
    private final long rows;
    private final long destinations;

    Rows(int maximumRows, int maximumTunnels) {
        this.maximumRows = maximumRows;
        rows = Memory.map((long) maximumRows * STRIDE);
        destinations = Memory.map((long) maximumTunnels * SendBatch.DESTINATION);
    }

    int maximumRows() { return maximumRows; }

    void clear(int row) { Memory.fill(at(row), STRIDE, 0); }

    /** Flags in bits 0 to 15, MTU in 16 to 31, tunnel index in 32 to 47, what TCP is kept to in 48 to 63. */
    long word(int row) {
        return Memory.getLong(at(row));
    }

    void setWord(int row, int flags, int mtuBytes, int tunnel) { setWord(row, flags, mtuBytes, mtuBytes, tunnel); }

    /** {@code clampBytes} is the largest packet that TCP is kept to. */
    void setWord(int row, int flags, int mtuBytes, int clampBytes, int tunnel) {
        Memory.putLong(at(row), flags | ((long) mtuBytes << 16) | ((long) tunnel << 32) | ((long) clampBytes << 48));
    }

    static int flags(long word) { return (int) word & 0xFFFF; }

    static int mtuBytes(long word) { return (int) (word >>> 16) & 0xFFFF; }

    static int tunnel(long word) { return (int) (word >>> 32) & 0xFFFF; }

    static int clampBytes(long word) { return (int) (word >>> 48); }

    void setPeerIds(int row, int peerTunnelId, int peerSessionId) {
        Memory.putShortBe(at(row) + PEER_IDS, peerTunnelId);
        Memory.putShortBe(at(row) + PEER_IDS + 2, peerSessionId);
    }

    /** Peer's tunnel and session id as they stand in the header. */
    int peerIds(int row) {
        return Memory.getInt(at(row) + PEER_IDS);
    }

    /** The session's own address and link prefix: the sources that most packets have. */
    void setSources(int row, int ipv4, long ipv6High) {
        Memory.putInt(at(row) + SOURCE_IPV4, ipv4);
        Memory.putLong(at(row) + SOURCE_IPV6, ipv6High);
    }

    int sourceIpv4(int row) { return Memory.getInt(at(row) + SOURCE_IPV4); }

    long sourceIpv6High(int row) { return Memory.getLong(at(row) + SOURCE_IPV6); }

    /** The next Ns of a session with sequencing; any thread sends. */
    int nextNs(int row) {
        return Memory.getAndAddInt(at(row) + SEND_NS, 1) & 0xFFFF;
    }

    /** Whether any numbered packet of the peer has been seen. */
    boolean hasExpectedNs(int row) {
        return Memory.getInt(at(row) + EXPECTED_NS) != 0;
    }

    int expectedNs(int row) { return Memory.getInt(at(row) + EXPECTED_NS) & 0xFFFF; }

    void setExpectedNs(int row, int expectedNs) {
        Memory.putInt(at(row) + EXPECTED_NS, expectedNs & 0xFFFF | NUMBERED);
    }

    /** A control frame had this number; any thread tells. */
    void setControlNs(int row, int ns) {
        Memory.putInt(controlNs(row, ns), ns | NUMBERED);
    }

    boolean isControlNs(int row, int ns) { return Memory.getInt(controlNs(row, ns)) == (ns | NUMBERED); }

    private long controlNs(int row, int ns) {
        return at(row) + CONTROL_NS + (long) (ns & CONTROL_NS_MASK) * Integer.BYTES;
    }

    void setDestination(int tunnel, int socketIndex, InetSocketAddress peer, InetSocketAddress local) {
        SendBatch.writeDestination(destination(tunnel), socketIndex, peer, local.getAddress());
    }

    long destination(int tunnel) { return destinations + (long) tunnel * SendBatch.DESTINATION; }

    /** Whether a datagram's sender (its {@code sockaddr}) is the tunnel's peer: family, port and address. */
    boolean isPeer(int tunnel, long name) {
        long peer = SendBatch.destinationName(destination(tunnel));
        int familyAndPort = Memory.getInt(peer);
        if (familyAndPort != Memory.getInt(name)) {
            return false;
        }
        return Memory.getShort(peer) == 2
                ? Memory.getInt(peer + 4) == Memory.getInt(name + 4)
                : Memory.equal(peer + 8, name + 8, 16);
    }

    private long at(int row) { return rows + (long) row * STRIDE; }

    void close() {
        Memory.unmap(rows);
        Memory.unmap(destinations);
    }
}

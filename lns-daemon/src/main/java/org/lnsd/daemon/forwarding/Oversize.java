package org.lnsd.daemon.forwarding;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.lnsd.tun.Checksum;
import org.lnsd.tun.Memory;
import org.lnsd.tun.PacketQueue;
import org.lnsd.tun.SocketAddresses;
import org.lnsd.tun.UdpSocket;
import org.lnsd.tun.VirtioNetHeader;

/**
 * What becomes of packets larger than a link's MTU: fragments (RFC 791), or word to the sender (RFC 1191, RFC 4443); and word to the senders of packets that
 * nobody is to get.
 */
final class Oversize {
    private static final int SCRATCH = 128 << 10;
    private static final int MESSAGES_PER_WINDOW = 16;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int REDIRECT = 5;
    private static final int HOST_UNREACHABLE = 0x0301;
    private static final int PROHIBITED = 0x030D;
    private static final int FRAGMENTATION_NEEDED = 0x0304;
    private static final int ADDRESS_UNREACHABLE = 0x0103;
    private static final int PROHIBITED_IPV6 = 0x0101;
    private static final int PACKET_TOO_BIG = 0x0200;

    private final PacketQueue device;
    private final byte @Nullable [] ipv4;
    private final byte @Nullable [] ipv6;
    /** Our IPv4 address; 0: none. */
    private final int ours;
    private final long scratch = Memory.map(SCRATCH);
    private final Window tooBig = new Window();
    private final Window unreachable = new Window();
    private final Window prohibited = new Window();

    /** So many messages of a kind in an eighth of a second (RFC 1812 section 4.3.2.8). */
    private static final class Window {
        private long number;
        private int messages;

        boolean admits(long nowNs) {
            long now = nowNs >>> 27;
            messages = now == number ? messages + 1 : 1;
            number = now;
            return messages <= MESSAGES_PER_WINDOW;
        }
    }

    /**
     * The addresses, each of which may be absent, are the source of our messages. Without one, or when the kernel does not take its own
     * address from the device, the unreachable destination itself is the source: word from there is worth more than none from a router.
     */
    Oversize(PacketQueue device, boolean takesOwnAddresses, Iterable<InetAddress> addresses) {
        this.device = device;
        byte[] four = null;
        byte[] sixteen = null;
        for (InetAddress address : addresses) {
            if (address instanceof Inet4Address) {
                four = four == null ? address.getAddress() : four;
            } else {
                sixteen = sixteen == null ? address.getAddress() : sixteen;
            }
        }
        ipv4 = takesOwnAddresses ? four : null;
        ipv6 = sixteen;
        ours = four == null ? 0 : ByteBuffer.wrap(four).getInt();
    }

    /** Whether a packet of the device is a redirect of the kernel's, which takes all lines for one network (RFC 1812 section 5.2.7.2). */
    boolean isRedirect(long packet, int lengthBytes) {
        int header = (Memory.getByte(packet) & 0x0F) * 4;
        return Memory.getByte(packet + 9) == ICMP && lengthBytes > header
                && Memory.getByte(packet + header) == REDIRECT && (ours == 0 || Memory.getIntBe(packet + 12) == ours);
    }

    /** Room for one packet of 64 KiB. */
    long scratch() { return scratch + 4096; }

    /** Writes a fragment's header: a copy with offset, length, more-fragments and checksum of its own. */
    static void writeFragmentHeader(long packet, long to, int headerBytes, int offset, int payloadBytes, boolean last) {
        Memory.copy(packet, to, headerBytes);
        int flagsAndOffset = Memory.getShortBe(packet + 6);
        boolean more = !last || (flagsAndOffset & 0x2000) != 0;
        Memory.putShortBe(to + 2, headerBytes + payloadBytes);
        Memory.putShortBe(to + 6, ((flagsAndOffset & 0x1FFF) + offset / 8) | (more ? 0x2000 : 0));
        if (offset > 0) {
            blankUncopiedOptions(to + 20, to + headerBytes);
        }
        Memory.putShort(to + 10, 0);
        Memory.putShort(to + 10, Checksum.finish(Checksum.sum(to, headerBytes)));
    }

    // RFC 791 section 3.1: options without the copied flag stand in the first fragment only.
    private static void blankUncopiedOptions(long from, long end) {
        for (long at = from; at < end;) {
            int kind = Memory.getByte(at);
            int bytes = kind <= 1 ? 1 : at + 1 < end ? Memory.getByte(at + 1) : 0;
            if (bytes == 0 || at + bytes > end || kind == 0) {
                return;
            }
            if ((kind & 0x80) == 0) {
                Memory.fill(at, bytes, 1);
            }
            at += bytes;
        }
    }

    /** Tells a packet's sender the MTU, at a limited rate; false if it was not told, or must not be. */
    boolean tellSender(long packet, int lengthBytes, boolean six, int mtuBytes, long nowNs) {
        boolean silent = six ? IcmpSilence.ofIpv6(packet, lengthBytes, true) : IcmpSilence.ofIpv4(packet, lengthBytes);
        if (silent || !tooBig.admits(nowNs)) {
            return false;
        }
        return write(six
                ? ofIpv6(packet, lengthBytes, PACKET_TOO_BIG, mtuBytes, sourceOfIpv6(packet))
                : ofIpv4(packet, lengthBytes, FRAGMENTATION_NEEDED, mtuBytes, ipv4));
    }

    /** Tells a packet's sender that there is nobody at its destination, at a limited rate of its own (RFC 1122 section 3.2.2, RFC 4443 section 2.4). */
    void tellUnreachable(long packet, int lengthBytes, boolean six, long nowNs) {
        write(unreachable(packet, lengthBytes, six, nowNs));
    }

    /**
     * Tells a packet's sender that it is not to get through, at a limited rate of its own (RFC 1812 section 5.2.7.1: communication administratively prohibited,
     * RFC 4443 section 3.1).
     */
    void tellProhibited(long packet, int lengthBytes, long nowNs) { write(prohibited(packet, lengthBytes, nowNs)); }

    /** Writes what {@link #tellProhibited} tells to {@link #message}; returns its length, 0: the sender is not told. */
    int prohibited(long packet, int lengthBytes, long nowNs) {
        return prohibited.admits(nowNs)
                ? message(packet, lengthBytes, Memory.getByte(packet) >>> 4 == 6, PROHIBITED, PROHIBITED_IPV6)
                : 0;
    }

    /** Writes to {@link #message} that the packet's destination is nobody (RFC 4443 section 3.1, code 3); returns its length, 0: the sender is not told. */
    int unreachable(long packet, int lengthBytes, boolean six, long nowNs) {
        return unreachable.admits(nowNs)
                ? message(packet, lengthBytes, six, HOST_UNREACHABLE, ADDRESS_UNREACHABLE)
                : 0;
    }

    private int message(long packet, int lengthBytes, boolean six, int ofIpv4, int ofIpv6) {
        if (six) {
            return IcmpSilence.ofIpv6(packet, lengthBytes, false)
                    ? 0
                    : ofIpv6(packet, lengthBytes, ofIpv6, 0, sourceOfIpv6(packet));
        }
        return IcmpSilence.ofIpv4(packet, lengthBytes) ? 0 : ofIpv4(packet, lengthBytes, ofIpv4, 0, ipv4);
    }

    /** Where a message is written; before it there is room for a header. */
    long message() { return scratch + 256; }

    // Without an address of our own on the device: the one that the kernel would answer the sender from (RFC 4443 section 2.2).
    private byte @Nullable [] sourceOfIpv6(long packet) {
        if (ipv6 != null) {
            return ipv6;
        }
        InetAddress source = UdpSocket.sourceTowards(SocketAddresses.address(Memory.toArray(packet + 8, 16)));
        return source == null ? null : source.getAddress();
    }

    private int ofIpv4(long packet, int lengthBytes, int typeAndCode, int rest, byte @Nullable [] from) {
        int quoted = Math.min(lengthBytes, 576 - 28);
        long to = message();
        Memory.putShortBe(to, 0x45C0);
        Memory.putShortBe(to + 2, 28 + quoted);
        Memory.putInt(to + 4, 0);
        Memory.putShortBe(to + 8, 0x4000 | ICMP);
        Memory.putShort(to + 10, 0);
        if (from == null) {
            Memory.putInt(to + 12, Memory.getInt(packet + 16));
        } else {
            Memory.fromArray(from, 0, to + 12, 4);
        }
        Memory.putInt(to + 16, Memory.getInt(packet + 12));
        Memory.putShort(to + 10, Checksum.finish(Checksum.sum(to, 20)));
        Memory.putIntBe(to + 20, typeAndCode << 16);
        Memory.putIntBe(to + 24, rest);
        Memory.copy(packet, to + 28, quoted);
        Memory.putShort(to + 22, Checksum.finish(Checksum.sum(to + 20, 8 + quoted)));
        return 28 + quoted;
    }

    private int ofIpv6(long packet, int lengthBytes, int typeAndCode, int rest, byte @Nullable [] from) {
        int quoted = Math.min(lengthBytes, 1280 - 48);
        long to = message();
        Memory.putIntBe(to, 0x6000_0000);
        Memory.putShortBe(to + 4, 8 + quoted);
        Memory.putShortBe(to + 6, (ICMPV6 << 8) | 64);
        if (from == null) {
            Memory.copy(packet + 24, to + 8, 16);
        } else {
            Memory.fromArray(from, 0, to + 8, 16);
        }
        Memory.copy(packet + 8, to + 24, 16);
        Memory.putIntBe(to + 40, typeAndCode << 16);
        Memory.putIntBe(to + 44, rest);
        Memory.copy(packet, to + 48, quoted);
        Memory.putShort(to + 42, Checksum
                .finish(Checksum.sum(to + 40, 8 + quoted) + Checksum.pseudoHeader(to, true, ICMPV6, 8 + quoted)));
        return 48 + quoted;
    }

    private boolean write(int lengthBytes) {
        if (lengthBytes == 0) {
            return false;
        }
        VirtioNetHeader.clear(scratch);
        Memory.putLong(scratch + 64, scratch);
        Memory.putLong(scratch + 72, VirtioNetHeader.LENGTH);
        Memory.putLong(scratch + 80, message());
        Memory.putLong(scratch + 88, lengthBytes);
        return device.writeHeaded(scratch + 64, 2) == 0;
    }

    void close() { Memory.unmap(scratch); }
}

package org.lnsd.daemon.forwarding;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.tun.Checksum;
import org.lnsd.tun.Memory;

/**
 * A row's queries to name servers on their way to others, and the answers on theirs back, which come from the server that was asked (IPv4, UDP and TCP).
 * Of so many queries the last ones it remembers which server was asked from which port. Any thread; packets' headers were checked before.
 */
final class DnsDetour {
    private static final int REMEMBERED = 64;
    private static final int DNS = 53;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int FRAGMENT = 0x3FFF;
    private static final int LATER_FRAGMENT = 0x1FFF;
    private static final long USED = 1L << 63;

    private final DnsRedirect redirect;
    private final int[] told;
    private final int[] servers;
    // Protocol and port of the subscriber, and the server that it asked, in a ring.
    private final AtomicLongArray asked = new AtomicLongArray(REMEMBERED);
    private final AtomicInteger queries = new AtomicInteger();
    // Identification of an answer in fragments, and the server that was asked; the later ones show no port.
    private volatile long fragmented;

    DnsDetour(DnsRedirect redirect) {
        this.redirect = redirect;
        told = redirect.told().stream().mapToInt(IpAddresses::toInt).toArray();
        servers = redirect.servers().stream().mapToInt(IpAddresses::toInt).toArray();
    }

    DnsRedirect redirect() { return redirect; }

    /** A packet from the subscriber. */
    void query(long packet, int lengthBytes) {
        int headerBytes = dnsHeaderBytes(packet, lengthBytes);
        if (headerBytes == 0 || (Memory.getShortBe(packet + 6) & FRAGMENT) != 0
                || Memory.getShortBe(packet + headerBytes + 2) != DNS) {
            return;
        }
        int server = Memory.getIntBe(packet + 16);
        long key = key(packet, Memory.getShortBe(packet + headerBytes));
        asked.setRelease(queries.getAndIncrement() & REMEMBERED - 1, key << 32 | server & 0xFFFF_FFFFL);
        replace(packet, 16, instead(server), headerBytes);
    }

    /** A packet to the subscriber. */
    void answer(long packet, int lengthBytes) {
        int source = lengthBytes >= 20 && Memory.getByte(packet) >>> 4 == 4 ? Memory.getIntBe(packet + 12) : 0;
        if (position(servers, source) < 0) {
            return;
        }
        int fragment = Memory.getShortBe(packet + 6) & FRAGMENT;
        int identification = Memory.getShortBe(packet + 4);
        if ((fragment & LATER_FRAGMENT) != 0) {
            long first = fragmented;
            if (first < 0 && (first >>> 32 & 0xFFFF) == identification) {
                replace(packet, 12, (int) first, 0);
            }
            return;
        }
        int headerBytes = dnsHeaderBytes(packet, lengthBytes);
        if (headerBytes == 0 || Memory.getShortBe(packet + headerBytes) != DNS) {
            return;
        }
        int server = asked(key(packet, Memory.getShortBe(packet + headerBytes + 2)), source);
        if (fragment != 0) {
            fragmented = USED | (long) identification << 32 | server & 0xFFFF_FFFFL;
        }
        replace(packet, 12, server, headerBytes);
    }

    // The latest of the queries from the port; the source itself if there is none.
    private int asked(long key, int source) {
        int latest = queries.getAcquire() - 1;
        for (int i = 0; i < REMEMBERED; i++) {
            long entry = asked.getAcquire(latest - i & REMEMBERED - 1);
            if (entry >>> 32 == key && instead((int) entry) == source) {
                return (int) entry;
            }
        }
        return source;
    }

    private int instead(int server) {
        int place = position(told, server);
        if (position(servers, server) >= 0 || place < 0 && !redirect.any()) {
            return server;
        }
        return servers[Math.clamp(place, 0, servers.length - 1)];
    }

    private static int position(int[] all, int address) {
        for (int i = 0; i < all.length; i++) {
            if (all[i] == address) {
                return i;
            }
        }
        return -1;
    }

    // 0: no UDP or TCP header is there, with its checksum
    private static int dnsHeaderBytes(long packet, int lengthBytes) {
        if (Memory.getByte(packet) >>> 4 != 4) {
            return 0;
        }
        int protocol = Memory.getByte(packet + 9);
        int headerBytes = (Memory.getByte(packet) & 0x0F) * 4;
        int needed = headerBytes + (protocol == TCP ? 20 : 8);
        return (protocol == TCP || protocol == UDP) && headerBytes >= 20 && needed <= lengthBytes ? headerBytes : 0;
    }

    private static long key(long packet, int port) {
        return (USED >>> 32) | (Memory.getByte(packet + 9) == TCP ? 0x1_0000 : 0) | port;
    }

    // Checksums are adjusted, never remade (RFC 1624): what is wrong stays wrong.
    private static void replace(long packet, int offset, int address, int headerBytes) {
        if (Memory.getIntBe(packet + offset) == address) {
            return;
        }
        int first = Memory.getShort(packet + offset);
        int second = Memory.getShort(packet + offset + 2);
        Memory.putIntBe(packet + offset, address);
        adjust(packet, offset, packet + 10, first, second);
        boolean udp = Memory.getByte(packet + 9) == UDP;
        long field = packet + headerBytes + (udp ? 6 : 16);
        if (headerBytes == 0 || udp && Memory.getShort(field) == 0) {
            return;
        }
        adjust(packet, offset, field, first, second);
        if (udp && Memory.getShort(field) == 0) {
            Memory.putShort(field, 0xFFFF);
        }
    }

    private static void adjust(long packet, int offset, long field, int first, int second) {
        Checksum.replaceShort(field, first, Memory.getShort(packet + offset));
        Checksum.replaceShort(field, second, Memory.getShort(packet + offset + 2));
    }
}

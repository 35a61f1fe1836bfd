package org.lnsd.system.subscriber;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A router advertisement as it came (RFC 4861 section 4.2).
 *
 * @param packet the whole IPv6 packet
 */
@SuppressWarnings("ArrayRecordComponent")
public record RouterMessage(byte[] packet) {
    private static final int OPTIONS = 56;

    /** A prefix information option. */
    public record Prefix(String address, int length, int flags, long validSeconds, long preferredSeconds) {}

    public String source() { return Octets.ipv6(packet, 8); }

    public String destination() { return Octets.ipv6(packet, 24); }

    public int hopLimit() { return Octets.u8(packet, 7); }

    public int currentHopLimit() { return Octets.u8(packet, 44); }

    public boolean managed() { return (packet[45] & 0x80) != 0; }

    public boolean otherConfiguration() { return (packet[45] & 0x40) != 0; }

    public int routerLifetimeSeconds() { return Octets.u16(packet, 46); }

    /** The options of this type, each with type and length. */
    public List<byte[]> options(int type) {
        var found = new ArrayList<byte[]>();
        for (int at = OPTIONS; at < packet.length; at += 8 * Octets.u8(packet, at + 1)) {
            if (Octets.u8(packet, at) == type) {
                found.add(Arrays.copyOfRange(packet, at, at + 8 * Octets.u8(packet, at + 1)));
            }
        }
        return found;
    }

    public List<Prefix> prefixes() {
        return options(3).stream().map(option -> new Prefix(Octets.ipv6(option, 16), Octets.u8(option, 2),
                Octets.u8(option, 3), Octets.u32(option, 4), Octets.u32(option, 8))).toList();
    }

    /** The prefix that begins so. */
    public Prefix prefix(String address) {
        return prefixes().stream().filter(prefix -> prefix.address().equals(address)).findFirst()
                .orElseThrow(() -> new AssertionError("no prefix " + address + " among " + prefixes()));
    }
}

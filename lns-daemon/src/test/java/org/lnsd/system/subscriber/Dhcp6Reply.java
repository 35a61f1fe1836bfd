package org.lnsd.system.subscriber;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A DHCPv6 message as it came (RFC 8415 section 8).
 *
 * @param message from msg-type on
 */
@SuppressWarnings("ArrayRecordComponent")
public record Dhcp6Reply(byte[] message) {

    /** An option, on top or within another. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Option(int code, byte[] data) {

        /** The options within an IA_NA or IA_PD. */
        public List<Option> inner() { return read(data, 12); }

        /** The code of the Status Code option within, -1 without. */
        public int status() { return statusOf(inner()); }

        /** "prefix/length preferred valid" or "address preferred valid" of each lease within. */
        public List<String> leases() {
            return inner().stream().filter(lease -> lease.code == 5 || lease.code == 26).map(lease -> lease.code == 26
                    ? Octets.ipv6(lease.data, 9) + "/" + Octets.u8(lease.data, 8) + " " + Octets.u32(lease.data, 0)
                            + " " + Octets.u32(lease.data, 4)
                    : Octets.ipv6(lease.data, 0) + " " + Octets.u32(lease.data, 16) + " " + Octets.u32(lease.data, 20))
                    .toList();
        }
    }

    public int type() { return Octets.u8(message, 0); }

    public int transactionId() { return (int) Octets.u32(message, 0) & 0xff_ffff; }

    public List<Option> options() { return read(message, 4); }

    public boolean has(int code) { return options().stream().anyMatch(option -> option.code() == code); }

    public Option option(int code) {
        return options().stream().filter(option -> option.code() == code).findFirst()
                .orElseThrow(() -> new AssertionError("no option " + code + " in " + Octets.hex(message)));
    }

    /** The code of the Status Code option on top, -1 without. */
    public int status() { return statusOf(options()); }

    private static int statusOf(List<Option> options) {
        return options.stream().filter(option -> option.code() == 13).map(option -> Octets.u16(option.data(), 0))
                .findFirst().orElse(-1);
    }

    private static List<Option> read(byte[] octets, int from) {
        var all = new ArrayList<Option>();
        for (int at = from; at < octets.length; at += 4 + Octets.u16(octets, at + 2)) {
            all.add(new Option(Octets.u16(octets, at),
                    Arrays.copyOfRange(octets, at + 4, at + 4 + Octets.u16(octets, at + 2))));
        }
        return all;
    }
}

package org.lnsd.system.subscriber;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A PPP frame as it came.
 *
 * @param addressControl FF03 stood in front
 * @param protocolBytes octets of the protocol field
 * @param ns the Ns of the L2TP data header, -1 without
 * @param info what follows the protocol field
 */
@SuppressWarnings("ArrayRecordComponent")
public record Frame(boolean addressControl, int protocolBytes, int protocol, int ns, byte[] info) {
    static Frame read(byte[] raw, int ns) {
        int at = raw.length >= 2 && Octets.u16(raw, 0) == 0xff03 ? 2 : 0;
        boolean single = (raw[at] & 1) == 1;
        int protocol = single ? Octets.u8(raw, at) : Octets.u16(raw, at);
        int size = single ? 1 : 2;
        return new Frame(at == 2, size, protocol, ns, Arrays.copyOfRange(raw, at + size, raw.length));
    }

    /** One Configuration Option. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Option(int type, byte[] data) {
        public byte[] octets() { return Octets.of(type, data.length + 2, data); }

        @Override
        public String toString() { return type + ":" + Octets.hex(data); }
    }

    public int code() { return Octets.u8(info, 0); }

    public int id() { return Octets.u8(info, 1); }

    public byte[] body() { return Arrays.copyOfRange(info, 4, Octets.u16(info, 2)); }

    public boolean is(int wantedProtocol, int wantedCode) {
        return protocol == wantedProtocol && info.length >= 4 && code() == wantedCode;
    }

    public List<Option> options() { return optionsOf(body()); }

    static List<Option> optionsOf(byte[] list) {
        var options = new ArrayList<Option>();
        for (int at = 0; at < list.length; at += Octets.u8(list, at + 1)) {
            options.add(
                    new Option(Octets.u8(list, at), Arrays.copyOfRange(list, at + 2, at + Octets.u8(list, at + 1))));
        }
        return options;
    }

    public boolean has(int type) { return options().stream().anyMatch(option -> option.type() == type); }

    public byte[] option(int type) {
        return options().stream().filter(option -> option.type() == type).findFirst()
                .orElseThrow(() -> new AssertionError("no option " + type + " in " + this)).data();
    }

    @Override
    public String toString() {
        return "%04x %s".formatted(protocol, Octets.hex(info.length > 80 ? Arrays.copyOf(info, 80) : info));
    }
}

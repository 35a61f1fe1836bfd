package org.lnsd.system.lac;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A datagram of the LNS, read strictly: what is malformed fails the test. */
public record Packet(int flags, int tunnelId, int sessionId, int ns, int nr, List<RawAvp> avps, byte[] payload) {
    /** Reads a control or a data message. */
    public static Packet read(byte[] octets) {
        ByteBuffer in = ByteBuffer.wrap(octets);
        int flags = in.getShort() & 0xffff;
        require((flags & 0xf) == 2, "version 2", octets);
        boolean control = (flags & 0x8000) != 0;
        require(!control || flags == 0xc802, "flags of a control message", octets);
        if ((flags & 0x4000) != 0) {
            require((in.getShort() & 0xffff) == octets.length, "a Length that is that of the datagram", octets);
        }
        int tunnelId = in.getShort() & 0xffff;
        int sessionId = in.getShort() & 0xffff;
        boolean sequenced = (flags & 0x0800) != 0;
        int ns = sequenced ? in.getShort() & 0xffff : 0;
        int nr = sequenced ? in.getShort() & 0xffff : 0;
        if ((flags & 0x0200) != 0) {
            int offset = in.getShort() & 0xffff;
            in.position(in.position() + offset);
        }
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        return new Packet(flags, tunnelId, sessionId, ns, nr, control ? readAvps(rest) : List.of(), rest);
    }

    private static List<RawAvp> readAvps(byte[] octets) {
        List<RawAvp> avps = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(octets);
        while (in.hasRemaining()) {
            int flags = in.getShort() & 0xffff;
            int length = flags & 0x3ff;
            require(length >= 6 && length - 2 <= in.remaining() && (flags & 0x3c00) == 0, "a sound AVP", octets);
            int vendorId = in.getShort() & 0xffff;
            int type = in.getShort() & 0xffff;
            byte[] value = new byte[length - 6];
            in.get(value);
            avps.add(new RawAvp(flags, vendorId, type, value));
        }
        require(avps.isEmpty() || avps.getFirst().type() == 0 && avps.getFirst().value().length == 2,
                "Message Type first", octets);
        return avps;
    }

    private static void require(boolean met, String what, byte[] octets) {
        if (!met) {
            throw new AssertionError("expected " + what + ": " + java.util.HexFormat.of().formatHex(octets));
        }
    }

    public boolean isControl() { return (flags & 0x8000) != 0; }

    /** The Message Type, {@link L2tp#ZLB} without AVPs. */
    public int type() {
        return avps.isEmpty() ? L2tp.ZLB : avps.getFirst().u16();
    }

    public Optional<RawAvp> find(int type) {
        return avps.stream().skip(1).filter(avp -> avp.vendorId() == 0 && avp.type() == type).findFirst();
    }

    public RawAvp avp(int type) {
        return find(type).orElseThrow(() -> new AssertionError("no AVP " + type + " in " + this));
    }

    /** Result and error code as {@code 2/8}, {@code 4} without an error code or with error 0. */
    public String result() {
        RawAvp result = avp(L2tp.RESULT_CODE);
        int error = result.value().length >= 4 ? result.u16(2) : 0;
        return result.u16() + (error == 0 ? "" : "/" + error);
    }

    /** The text of a Result Code AVP. */
    public String reason() {
        RawAvp result = avp(L2tp.RESULT_CODE);
        return result.value().length > 4 ? result.text(4) : "";
    }

    @Override
    public String toString() {
        return "type " + type() + " tunnel " + tunnelId + " session " + sessionId + " ns " + ns + " nr " + nr
                + find(L2tp.RESULT_CODE).map(_ -> " result " + result() + " \"" + reason() + '"').orElse("");
    }
}

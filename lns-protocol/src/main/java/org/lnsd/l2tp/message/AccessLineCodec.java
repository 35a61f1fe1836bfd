package org.lnsd.l2tp.message;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.avp.AvpWriter;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.avp.VendorAvp;

/** The access line AVPs of the DSL Forum (RFC 5515 section 5), between vendor AVPs and their record. */
final class AccessLineCodec {
    private static final int AGENT_CIRCUIT_ID = 1;
    private static final int AGENT_REMOTE_ID = 2;
    private static final int LAST_DATA_RATE = 138;
    private static final int ENCAPSULATION = 144;
    private static final int IWF_SESSION = 254;

    private AccessLineCodec() {}

    static AccessLine read(List<VendorAvp> avps) {
        boolean any = false;
        for (VendorAvp avp : avps) {
            any |= avp.vendorId() == VendorAvp.DSL_FORUM;
        }
        return any ? readPresent(avps) : AccessLine.EMPTY;
    }

    private static AccessLine readPresent(List<VendorAvp> avps) {
        Map<AccessLineAttribute, Long> values = new EnumMap<>(AccessLineAttribute.class);
        Octets circuitId = null;
        Octets remoteId = null;
        Octets encapsulation = null;
        boolean iwfSession = false;
        for (VendorAvp avp : avps) {
            if (avp.vendorId() == VendorAvp.DSL_FORUM) {
                switch (avp.attributeType()) {
                    case AGENT_CIRCUIT_ID -> circuitId = avp.value();
                    case AGENT_REMOTE_ID -> remoteId = avp.value();
                    case ENCAPSULATION -> encapsulation = avp.value();
                    case IWF_SESSION -> iwfSession = true;
                    default -> number(avp, values);
                }
            }
        }
        return new AccessLine(Optional.ofNullable(circuitId), Optional.ofNullable(remoteId), values,
                Optional.ofNullable(encapsulation), iwfSession);
    }

    /** Rates have 64 bits, the others 32; either length is taken for each. */
    private static void number(VendorAvp avp, Map<AccessLineAttribute, Long> values) {
        @Nullable
        AccessLineAttribute attribute = AccessLineAttribute.of(avp.attributeType());
        int lengthBytes = avp.value().length();
        if (attribute != null && (lengthBytes == 4 || lengthBytes == 8)) {
            long number = 0;
            for (int index = 0; index < lengthBytes; index++) {
                number = (number << 8) | avp.value().at(index);
            }
            values.put(attribute, number & Long.MAX_VALUE);
        }
    }

    static void write(AvpWriter out, AccessLine line) {
        line.agentCircuitId().ifPresent(id -> writeOne(out, AGENT_CIRCUIT_ID, id.toByteArray()));
        line.agentRemoteId().ifPresent(id -> writeOne(out, AGENT_REMOTE_ID, id.toByteArray()));
        for (AccessLineAttribute attribute : AccessLineAttribute.values()) {
            line.value(attribute).ifPresent(number -> writeOne(out, attribute.attributeType(), octets(number,
                    attribute.attributeType() <= LAST_DATA_RATE ? 8 : 4)));
        }
        line.encapsulation().ifPresent(value -> writeOne(out, ENCAPSULATION, value.toByteArray()));
        if (line.iwfSession()) {
            writeOne(out, IWF_SESSION, new byte[0]);
        }
    }

    private static void writeOne(AvpWriter out, int attributeType, byte[] value) {
        out.writeVendor(new VendorAvp(VendorAvp.DSL_FORUM, attributeType, false, Octets.of(value)));
    }

    private static byte[] octets(long number, int lengthBytes) {
        byte[] octets = new byte[lengthBytes];
        for (int index = 0; index < lengthBytes; index++) {
            octets[index] = (byte) (number >> (8 * (lengthBytes - 1 - index)));
        }
        return octets;
    }
}

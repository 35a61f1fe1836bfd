package org.lnsd.l2tp.avp;

import org.jspecify.annotations.Nullable;

/** Names for messages to people: also of AVPs that are registered with IANA but mean nothing to lnsd. */
public final class AvpNames {
    private AvpNames() {}

    /** For example {@code AVP 21 (Called Number)} or {@code AVP 12 of vendor 9}. */
    public static String describe(int vendorId, int attributeType) {
        if (vendorId != 0) {
            return "AVP " + attributeType + " of vendor " + vendorId;
        }
        AvpType type = AvpType.of(attributeType);
        String name = type != null ? type.rfcName() : registered(attributeType);
        return name == null ? "AVP " + attributeType : "AVP " + attributeType + " (" + name + ")";
    }

    private static @Nullable String registered(int attributeType) {
        return switch (attributeType) {
            case 20 -> "Reserved";
            case 40 -> "Rx Minimum BPS";
            case 41 -> "Rx Maximum BPS";
            case 42 -> "Service Category";
            case 43 -> "Service Name";
            case 44 -> "Calling Sub-Address";
            case 45 -> "VPI/VCI Identifier";
            case 47 -> "CCDS";
            case 48 -> "SDS";
            case 53 -> "Modem On-Hold Capable";
            case 54 -> "Modem On-Hold Status";
            case 55 -> "PPPoE Relay";
            case 56 -> "PPPoE Relay Response Capability";
            case 57 -> "PPPoE Relay Forward Capability";
            case 58 -> "Extended Vendor ID";
            case 60 -> "Router ID";
            case 61 -> "Assigned Control Connection ID";
            case 62 -> "Pseudowire Capabilities List";
            case 76 -> "Failover Capability";
            case 77 -> "Tunnel Recovery";
            case 78 -> "Suggested Control Sequence";
            case 79 -> "Failover Session State";
            case 93 -> "Tunnel Switching Aggregator ID";
            case 94 -> "Maximum Receive Unit";
            case 95 -> "Maximum Reassembled Receive Unit";
            default -> null;
        };
    }
}

package org.lnsd.l2tp.avp;

/** The attributes of other vendors that are understood, so that their M bit does no harm. */
final class VendorAttributes {
    private static final int CISCO_NAS_PORT = 100;
    private static final int CISCO_CLIENT_NAS_PORT = 101;

    private VendorAttributes() {}

    static boolean isKnown(int vendorId, int attributeType) {
        return switch (vendorId) {
            case VendorAvp.DSL_FORUM -> isAccessLine(attributeType);
            case VendorAvp.CISCO -> attributeType == CISCO_NAS_PORT || attributeType == CISCO_CLIENT_NAS_PORT;
            default -> false;
        };
    }

    /** RFC 5515 section 5. */
    private static boolean isAccessLine(int attributeType) {
        return attributeType == 1 || attributeType == 2 || (attributeType >= 129 && attributeType <= 142)
                || attributeType == 144 || attributeType == 145 || attributeType == 254;
    }
}

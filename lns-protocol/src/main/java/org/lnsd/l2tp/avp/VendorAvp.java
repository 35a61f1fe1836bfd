package org.lnsd.l2tp.avp;

/**
 * An AVP of another vendor than the IETF, kept as it came (RFC 2661 section 4.1).
 *
 * @param vendorId the SMI enterprise number, 16 bits
 * @param attributeType the vendor's attribute number, 16 bits
 * @param mandatory the M bit
 */
public record VendorAvp(int vendorId, int attributeType, boolean mandatory, Octets value) {
    /** Cisco Systems. */
    public static final int CISCO = 9;
    /** The DSL Forum, whose access line AVPs RFC 5515 section 5 defines. */
    public static final int DSL_FORUM = 3561;
}

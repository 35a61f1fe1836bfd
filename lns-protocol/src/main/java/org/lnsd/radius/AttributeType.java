package org.lnsd.radius;

/**
 * What an attribute is: its number, or a vendor and the vendor's number (RFC 2865 section 5.26). Unknown numbers are kept.
 *
 * @param vendor private enterprise number, 0: none
 * @param number 1 to 255
 */
public record AttributeType(int vendor, int number) {
    /** An attribute that belongs to no vendor. */
    public static AttributeType of(int number) {
        return new AttributeType(0, number);
    }

    /** Whether a vendor defines it. */
    public boolean isVendorSpecific() { return vendor != 0; }

    @Override
    public String toString() { return isVendorSpecific() ? "26." + vendor + "." + number : Integer.toString(number); }
}

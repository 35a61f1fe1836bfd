package org.lnsd.radius;

/**
 * The Code field of a packet; numbers that have no name are kept.
 *
 * @param number 0 to 255
 */
public record RadiusCode(int number) {
    /** RFC 2865 section 4.1. */
    public static final RadiusCode ACCESS_REQUEST = new RadiusCode(1);
    /** RFC 2865 section 4.2. */
    public static final RadiusCode ACCESS_ACCEPT = new RadiusCode(2);
    /** RFC 2865 section 4.3. */
    public static final RadiusCode ACCESS_REJECT = new RadiusCode(3);
    /** RFC 2866 section 4.1. */
    public static final RadiusCode ACCOUNTING_REQUEST = new RadiusCode(4);
    /** RFC 2866 section 4.2. */
    public static final RadiusCode ACCOUNTING_RESPONSE = new RadiusCode(5);
    /** RFC 2865 section 4.4. */
    public static final RadiusCode ACCESS_CHALLENGE = new RadiusCode(11);
    /** RFC 5997. */
    public static final RadiusCode STATUS_SERVER = new RadiusCode(12);
    /** RFC 5176 section 2.1. */
    public static final RadiusCode DISCONNECT_REQUEST = new RadiusCode(40);
    /** RFC 5176 section 2.1. */
    public static final RadiusCode DISCONNECT_ACK = new RadiusCode(41);
    /** RFC 5176 section 2.1. */
    public static final RadiusCode DISCONNECT_NAK = new RadiusCode(42);
    /** RFC 5176 section 2.2. */
    public static final RadiusCode COA_REQUEST = new RadiusCode(43);
    /** RFC 5176 section 2.2. */
    public static final RadiusCode COA_ACK = new RadiusCode(44);
    /** RFC 5176 section 2.2. */
    public static final RadiusCode COA_NAK = new RadiusCode(45);

    /** Whether this may answer an Access-Request. */
    public boolean answersAccessRequest() {
        return equals(ACCESS_ACCEPT) || equals(ACCESS_REJECT) || equals(ACCESS_CHALLENGE);
    }

    /** Whether this may answer {@code request}; Status-Server is answered as what the port is for (RFC 5997 section 3). */
    public boolean answers(RadiusCode request) {
        if (request.equals(ACCESS_REQUEST)) {
            return answersAccessRequest();
        }
        if (request.equals(STATUS_SERVER)) {
            return equals(ACCESS_ACCEPT) || equals(ACCOUNTING_RESPONSE);
        }
        return request.equals(ACCOUNTING_REQUEST) && equals(ACCOUNTING_RESPONSE);
    }
}

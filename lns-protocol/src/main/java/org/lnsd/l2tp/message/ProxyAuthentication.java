package org.lnsd.l2tp.message;

import org.lnsd.l2tp.avp.Octets;

/**
 * The authentication that the LAC had of the subscriber (RFC 2661 section 4.4.5, AVPs 29 to 33).
 *
 * @param type one of the constants, or an unknown number
 * @param identifier the CHAP or PAP identifier, 0 to 255
 * @param response the CHAP response, or the PAP password in the clear
 */
public record ProxyAuthentication(int type, String name, Octets challenge, int identifier, Octets response) {
    public static final int TEXTUAL = 1;
    public static final int CHAP = 2;
    public static final int PAP = 3;
    public static final int NO_AUTHENTICATION = 4;
    public static final int MS_CHAP_V1 = 5;

    /** Without the response, which may be a password. */
    @Override
    public String toString() {
        return "ProxyAuthentication[type=" + type + ", name=" + name + ", identifier=" + identifier + "]";
    }
}

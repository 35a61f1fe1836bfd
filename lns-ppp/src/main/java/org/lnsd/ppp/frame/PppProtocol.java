package org.lnsd.ppp.frame;

/** PPP protocol numbers that have a meaning here; an open space, so plain numbers. */
public final class PppProtocol {
    public static final int IPV4 = 0x0021;
    public static final int MULTILINK = 0x003d;
    public static final int IPV6 = 0x0057;
    public static final int IPCP = 0x8021;
    public static final int ECP = 0x8053;
    public static final int IPV6CP = 0x8057;
    public static final int CCP = 0x80fd;
    public static final int MPLSCP = 0x8281;
    public static final int LCP = 0xc021;
    public static final int PAP = 0xc023;
    public static final int CHAP = 0xc223;

    private PppProtocol() {}

    /** Returns the usual name, or the number in hexadecimal. */
    public static String name(int protocol) {
        return switch (protocol) {
            case IPV4 -> "IPv4";
            case MULTILINK -> "MP";
            case IPV6 -> "IPv6";
            case IPCP -> "IPCP";
            case ECP -> "ECP";
            case IPV6CP -> "IPv6CP";
            case CCP -> "CCP";
            case MPLSCP -> "MPLSCP";
            case LCP -> "LCP";
            case PAP -> "PAP";
            case CHAP -> "CHAP";
            default -> String.format("0x%04x", protocol);
        };
    }
}

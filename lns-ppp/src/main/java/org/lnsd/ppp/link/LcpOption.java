package org.lnsd.ppp.link;

/** LCP Configuration Options (RFC 1661 section 6, RFC 1990 section 5.1). */
final class LcpOption {
    static final int MRU = 1;
    static final int ACCM = 2;
    static final int AUTHENTICATION_PROTOCOL = 3;
    static final int MAGIC_NUMBER = 5;
    static final int PFC = 7;
    static final int ACFC = 8;
    static final int MRRU = 17;
    static final int SHORT_SEQUENCE_NUMBER = 18;
    static final int ENDPOINT_DISCRIMINATOR = 19;

    private LcpOption() {}
}

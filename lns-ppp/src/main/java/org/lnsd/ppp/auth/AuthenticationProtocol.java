package org.lnsd.ppp.auth;

/** The authentication protocols that can be negotiated (RFC 1661 section 6.2, RFC 1994 section 3, RFC 2759 section 3). */
public enum AuthenticationProtocol {
    PAP(0xc023, -1), CHAP_MD5(0xc223, 5), MSCHAPV2(0xc223, 0x81);

    private final int protocol;
    private final int algorithm;

    AuthenticationProtocol(int protocol, int algorithm) {
        this.protocol = protocol;
        this.algorithm = algorithm;
    }

    /** Returns the PPP protocol number. */
    public int protocol() { return protocol; }

    /** Returns the CHAP algorithm, or -1 where the protocol has none. */
    public int algorithm() { return algorithm; }
}

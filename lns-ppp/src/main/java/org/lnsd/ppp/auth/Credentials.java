package org.lnsd.ppp.auth;

/** What a peer gave to prove who it is. */
public sealed interface Credentials {
    /** Returns the name the peer gave, decoded as ISO 8859-1 where it is no valid UTF-8. */
    String user();

    /** Password in the clear (RFC 1334). */
    @SuppressWarnings("ArrayRecordComponent")
    record Pap(String user, byte[] password) implements Credentials {}

    /** The 16 octet MD5 response to our (or the LAC's) challenge (RFC 1994). */
    @SuppressWarnings("ArrayRecordComponent")
    record Chap(String user, int id, byte[] challenge, byte[] response) implements Credentials {}

    /**
     * The MS-CHAPv2 response (RFC 2759 section 4): both challenges have 16 octets, the NT response has 24. {@code user} is
     * the name as the peer sent it, a domain in front included.
     */
    @SuppressWarnings("ArrayRecordComponent")
    record MsChapV2(String user, int id, byte[] authenticatorChallenge, byte[] peerChallenge, byte[] ntResponse,
            int flags)
            implements
                Credentials {}
}

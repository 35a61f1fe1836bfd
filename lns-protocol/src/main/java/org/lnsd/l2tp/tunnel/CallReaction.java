package org.lnsd.l2tp.tunnel;

/** What a received message does to a call: the Action column of the tables of RFC 2661 section 7. */
enum CallReaction {
    /** ICRP or OCRP as awaited. */
    ANSWER,
    /** ICCN or OCCN as awaited: established. */
    CONNECT,
    /** A message that informs and changes no state: WEN, SLI. */
    INFORM,
    /** Clean up, the peer has ended the call. */
    CLEAN_UP,
    /** Send CDN, clean up. */
    DISCONNECT,
    /** Not meant for this end or too early, harmless. */
    IGNORE
}

package org.lnsd.l2tp.tunnel;

/** Which end of which kind of call this is (RFC 2661 sections 7.4 and 7.5). */
enum CallRole {
    LAC_INCOMING, LNS_INCOMING, LAC_OUTGOING, LNS_OUTGOING
}

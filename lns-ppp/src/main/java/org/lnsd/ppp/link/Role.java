package org.lnsd.ppp.link;

/** Which end of the link this is. */
public enum Role {
    /** Demands authentication and gives addresses: the LNS. */
    SERVER,
    /** Proves who it is and asks for addresses: the subscriber. */
    CLIENT
}

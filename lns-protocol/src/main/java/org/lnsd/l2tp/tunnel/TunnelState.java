package org.lnsd.l2tp.tunnel;

/** The states of a control connection (RFC 2661 section 7.2.1), and two for its end. */
public enum TunnelState {
    IDLE("idle"),
    WAIT_CTL_REPLY("wait-ctl-reply"),
    WAIT_CTL_CONN("wait-ctl-conn"),
    ESTABLISHED("established"),
    /** A StopCCN was sent or received; the machine still acknowledges until its retention is over (section 5.7). */
    CLOSING("closing"),
    /** Everything is over; the shell forgets the tunnel. */
    RELEASED("released");

    private final String rfcName;

    TunnelState(String rfcName) { this.rfcName = rfcName; }

    /** The name that RFC 2661 prints. */
    public String rfcName() { return rfcName; }
}

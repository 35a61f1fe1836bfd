package org.lnsd.l2tp.tunnel;

/**
 * The states of a call (RFC 2661 sections 7.4.1, 7.4.2, 7.5.1, 7.5.2). What the RFC does in one step our shell may do in two;
 * a state that is ours stands under the RFC's name for it. The RFC's wait-tunnel is the shell's: a call is placed in an established tunnel.
 */
enum CallState {
    /** The request came, the shell has not decided yet. */
    WAIT_DECISION("idle"),
    WAIT_REPLY("wait-reply"),
    /** LAC: ICRP came, the shell has not connected yet. */
    ANSWERED("wait-reply"),
    WAIT_CONNECT("wait-connect"),
    WAIT_CS_ANSWER("wait-cs-answer"),
    ESTABLISHED(
            "established"),
    ENDED("idle");

    private final String rfcName;

    CallState(String rfcName) { this.rfcName = rfcName; }

    /** The name that RFC 2661 prints. */
    String rfcName() { return rfcName; }
}

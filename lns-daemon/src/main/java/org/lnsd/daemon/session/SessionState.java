package org.lnsd.daemon.session;

/** How far a session has come. The label is what operators see. */
public enum SessionState {
    /** The LAC has offered the call; it is not connected yet. */
    CALL("call"),
    /** LCP negotiates. */
    LCP("lcp"),
    /** LCP is open; the subscriber proves who it is, or we wait for the verdict. */
    AUTHENTICATE("authenticate"),
    /** Authenticated; no network protocol is up. */
    NETWORK("network"),
    /** IP flows. */
    OPEN("open"),
    /** The end is under way: the Terminate-Request is out. */
    CLOSING("closing"),
    /** Gone. */
    ENDED("ended");

    private final String label;

    SessionState(String label) { this.label = label; }

    /** Returns the name that operators see. */
    public String label() { return label; }
}

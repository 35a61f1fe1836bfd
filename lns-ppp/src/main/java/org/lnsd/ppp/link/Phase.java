package org.lnsd.ppp.link;

/** The phases of a link (RFC 1661 section 3.2). */
enum Phase {
    DEAD("Dead"), ESTABLISH("Establish"), AUTHENTICATE("Authenticate"), NETWORK("Network"), TERMINATE("Terminate");

    private final String label;

    Phase(String label) { this.label = label; }

    /** Returns its name in the RFC. */
    String label() { return label; }
}

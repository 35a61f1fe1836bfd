package org.lnsd.ppp.fsm;

/** The events of RFC 1661 section 4.3, in the order of the table of section 4.1. */
public enum Event {
    /** Lower layer is up. */
    UP("Up"),
    /** Lower layer is down. */
    DOWN("Down"),
    /** Administrative open. */
    OPEN("Open"),
    /** Administrative close. */
    CLOSE("Close"),
    /** Timeout with counter above 0. */
    TO_PLUS("TO+"),
    /** Timeout with counter expired. */
    TO_MINUS("TO-"),
    /** Receive-Configure-Request, good. */
    RCR_PLUS("RCR+"),
    /** Receive-Configure-Request, bad. */
    RCR_MINUS("RCR-"),
    /** Receive-Configure-Ack. */
    RCA("RCA"),
    /** Receive-Configure-Nak or -Reject. */
    RCN("RCN"),
    /** Receive-Terminate-Request. */
    RTR("RTR"),
    /** Receive-Terminate-Ack. */
    RTA("RTA"),
    /** Receive-Unknown-Code. */
    RUC("RUC"),
    /** Receive-Code-Reject or -Protocol-Reject, permitted. */
    RXJ_PLUS("RXJ+"),
    /** Receive-Code-Reject or -Protocol-Reject, catastrophic. */
    RXJ_MINUS("RXJ-"),
    /** Receive-Echo-Request, -Reply or Discard-Request. */
    RXR("RXR");

    private final String label;

    Event(String label) { this.label = label; }

    /** Returns the name as the RFC prints it. */
    public String label() { return label; }
}

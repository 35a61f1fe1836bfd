package org.lnsd.ppp.fsm;

/** The states of RFC 1661 section 4.2, in the order of their numbers. */
public enum State {
    INITIAL("Initial"),
    STARTING("Starting"),
    CLOSED("Closed"),
    STOPPED("Stopped"),
    CLOSING("Closing"),
    STOPPING(
            "Stopping"),
    REQ_SENT("Req-Sent"),
    ACK_RCVD("Ack-Rcvd"),
    ACK_SENT("Ack-Sent"),
    OPENED("Opened");

    private final String label;

    State(String label) { this.label = label; }

    /** Returns whether the Restart timer runs in this state. */
    public boolean timerRuns() {
        return switch (this) {
            case CLOSING, STOPPING, REQ_SENT, ACK_RCVD, ACK_SENT -> true;
            case INITIAL, STARTING, CLOSED, STOPPED, OPENED -> false;
        };
    }

    /** Returns the name as the RFC prints it. */
    public String label() { return label; }
}

package org.lnsd.daemon.control;

/** What both ends of the control socket must agree on; docs/CONTROL.md tells it in full. */
public final class Protocol {

    /** What the daemon's greeting starts with; the protocol's version follows. */
    public static final String GREETING = "lnsd control ";
    /** The version that we speak. */
    public static final int VERSION = 1;
    /** First character of a line for standard output. */
    public static final char OUT = ' ';
    /** First character of a line for standard error. */
    public static final char ERROR = '!';
    /** First character of a line with a piece of a capture file in Base64; empty: the daemon looks whether the client is there. */
    public static final char PACKET = '#';
    /** First character of the last line of an answer; the exit code follows. */
    public static final char END = '=';
    /** First character of a line that sets an option of the connection: {@code @width 80}, {@code @color on}. */
    public static final char OPTION = '@';
    /** Longest request line in octets. */
    public static final int MAXIMUM_REQUEST_BYTES = 65_536;

    private Protocol() {}
}

package org.lnsd.daemon;

/** How the process ends. */
enum ExitCode {
    /** Clean. */
    CLEAN(0),
    /** The configuration is bad. */
    BAD_CONFIGURATION(1),
    /** The command line is bad. */
    BAD_COMMAND_LINE(2),
    /** The system refused a device, a port or a privilege. */
    REFUSED(3);

    private final int status;

    ExitCode(int status) { this.status = status; }

    int status() { return status; }
}

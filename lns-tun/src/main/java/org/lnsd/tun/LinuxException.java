package org.lnsd.tun;

/** The system refused something; the message names device, port or privilege and what would mend it, in one line. */
public final class LinuxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    LinuxException(String operation, int errno, String cure) {
        super(operation + ": " + Linux.errorName(errno) + (cure.isEmpty() ? "" : "; " + cure));
        this.errno = errno;
    }

    /** The kernel's error number. */
    public int errno() { return errno; }
}

package org.lnsd.daemon;

/** The system refused something that the daemon cannot do without. The message names it and what would mend it. */
final class SystemRefusal extends Exception {

    private static final long serialVersionUID = 1;

    SystemRefusal(String message, Throwable cause) { super(message, cause); }
}

package org.lnsd.daemon.control;

import java.net.Inet4Address;
import java.util.Optional;

/** What sessions are chosen by; cheap to read where a whole {@link SessionView} of each would not be. */
public interface SessionFacts {

    /** The name of the session for operators. */
    String id();

    /** Our id of its tunnel. */
    int tunnelId();

    /** The authenticated user; empty: none yet. */
    String user();

    /** Its state's label. */
    String state();

    /** Its IPv4 address. */
    Optional<Inet4Address> ipv4();

    /** The configuration's name of its LAC. */
    String peer();

    /** Who called; empty: not told. */
    String callingNumber();
}

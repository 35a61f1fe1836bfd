package org.lnsd.daemon.config;

/** What a key of {@code forwarding.offloads} may be. */
public enum OffloadChoice {
    /** Used if the kernel has it, and left when the kernel refuses it later. */
    AUTO,
    /** The daemon does not start without it. */
    ON,
    /** Never used. */
    OFF
}

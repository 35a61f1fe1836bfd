package org.lnsd.daemon.forwarding;

/** How an offload is used. */
public enum Offload {
    /** Used if the probe at start succeeds, and left when the kernel refuses it later. */
    AUTO,
    /** Must work; the start fails if the probe does. */
    ON,
    /** Never used. */
    OFF;
}

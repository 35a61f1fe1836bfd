package org.lnsd.daemon.config;

/** Whether frames to subscribers carry the address and control fields FF03 (RFC 1661 section 6.6). */
public enum AddressControl {
    /** Left out where the subscriber agrees. */
    COMPRESSED,
    /** Sent also where the subscriber could do without. */
    ALWAYS
}

package org.lnsd.daemon.forwarding;

import org.lnsd.daemon.shaping.Rate;

/** What all lines of one carrier may have together, towards their subscribers: a name that they share, and the rate. */
public record CarrierLimit(String name, Rate rate) {}

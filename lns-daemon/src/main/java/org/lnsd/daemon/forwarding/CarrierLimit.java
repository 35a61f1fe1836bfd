package org.lnsd.daemon.forwarding;

import org.lnsd.daemon.shaping.Rate;

/** What all lines of one carrier may have together: a name that they share, the rate from the subscribers and the one to them. */
public record CarrierLimit(String name, Rate up, Rate down) {}

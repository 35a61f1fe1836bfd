package org.lnsd.l2tp.message;

/** The Call Errors AVP of a WEN (RFC 2661 section 4.4.6): totals since the call was established, 32 bits unsigned each. */
public record WanErrorCounts(long crcErrors, long framingErrors, long hardwareOverruns, long bufferOverruns,
        long timeoutErrors, long alignmentErrors) {}

package org.lnsd.daemon.forwarding;

/** A row's part of what its carrier may have from the subscribers; what is in it belongs to the carrier's lock. */
final class PolicedLine {
    final PolicedCarrier carrier;
    boolean listed;
    long offeredBytes;
    double demandBps;
    long freeAtNs;

    PolicedLine(PolicedCarrier carrier, long nowNs) {
        this.carrier = carrier;
        freeAtNs = nowNs - PolicedCarrier.BURST_NS;
    }

    /** Whether a packet may pass now. */
    boolean admits(int bytes, long nowNs) {
        return carrier.admits(this, bytes, nowNs);
    }
}

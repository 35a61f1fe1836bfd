package org.lnsd.daemon.aaa;

/** Stands in where accounting is off. */
final class NoAccounting implements AccountingSession {
    @Override
    public void start(SessionAddresses addresses) {
        // Nothing is accounted.
    }

    @Override
    public void addressesChanged(SessionAddresses addresses) {
        // Nothing is accounted.
    }

    @Override
    public void profileChanged(Profile profile) {
        // Nothing is accounted.
    }

    @Override
    public void speedsChanged(long transmitBps, long receiveBps) {
        // Nothing is accounted.
    }

    @Override
    public void interim() {
        // Nothing is accounted.
    }

    @Override
    public void stop(TerminateCause cause, SessionUsage usage) {
        // Nothing is accounted.
    }
}

package org.lnsd.daemon.session;

import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.AccountingSession;
import org.lnsd.daemon.aaa.AccountingSubject;
import org.lnsd.daemon.aaa.AccountingSubject.Authentic;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.SessionAddresses;
import org.lnsd.daemon.aaa.SessionUsage;
import org.lnsd.daemon.aaa.UsageSupplier;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.SessionCounters;

/** The account of one call: each link of a bundle has its own (RFC 2866 section 5.11), wherever the bundle's addresses are. */
final class SessionAccounts implements UsageSupplier {

    private final SessionServices services;
    private final Session session;
    private AccountingSession accounting = AccountingSession.NONE;
    private boolean started;
    private volatile @Nullable FormerRow left;
    private volatile @Nullable SessionUsage finalUsage;

    /**
     * What the call carried on the row that it has left to its bundle, and the row that it has since. One value, so that a record
     * on another thread never sees the row of one time with the sum of another.
     */
    private static final class FormerRow {
        final int next;
        final SessionCounters carried;

        FormerRow(int next, SessionCounters carried) {
            this.next = next;
            this.carried = carried;
        }
    }

    SessionAccounts(SessionServices services, Session session) {
        this.services = services;
        this.session = session;
    }

    /** The subscriber is authenticated. */
    void open(SessionGrant given, Authentic authentic) {
        accounting = services.aaa().accounting(
                new AccountingSubject(given.user(), session.record().identity(), given.profile(), authentic),
                this, services.loop());
    }

    /** IP flows by these addresses, for the first time or with others than before. */
    void tell(SessionAddresses addresses) {
        if (started) {
            accounting.addressesChanged(addresses);
        } else {
            started = true;
            accounting.start(addresses);
        }
    }

    /** What the subscriber may do has changed. */
    void profileChanged(Profile profile) {
        accounting.profileChanged(profile);
    }

    /** The LAC has told other speeds of the line. */
    void speedsChanged() {
        accounting.speedsChanged(session.record().transmitBps(), session.record().receiveBps());
    }

    /** The call ends. Only the first time counts. */
    void stop(SessionEnd why) {
        if (finalUsage == null) {
            finalUsage = read();
            accounting.stop(why.accounting(), read());
        }
    }

    /** The call gets that row, or none, in place of its own: what it has carried so far stays its own. */
    void leaveRow(int next) {
        left = new FormerRow(next, counters());
    }

    /** Returns what the call has carried so far. */
    SessionCounters counters() {
        while (true) {
            FormerRow former = left;
            SessionCounters counters = new SessionCounters();
            int row = former == null ? session.row() : former.next;
            if (row != Forwarding.NO_ROW) {
                services.forwarding().read(row, counters);
            }
            if (former != null) {
                counters.add(former.carried);
            }
            if (former == left) { // else the row may have been another's while it was read
                return counters;
            }
        }
    }

    /** Returns what was transferred; after the end what it was then. */
    @Override
    public SessionUsage read() {
        SessionUsage last = finalUsage;
        if (last != null) {
            return last;
        }
        SessionCounters now = counters();
        SessionUsage usage = new SessionUsage(now.octetsIn, now.octetsOut, now.packetsIn, now.packetsOut,
                now.ipv6OctetsIn, now.ipv6OctetsOut, now.ipv6PacketsIn, now.ipv6PacketsOut, session.seat.links());
        last = finalUsage; // ended meanwhile: the row may be another's
        return last == null ? usage : last;
    }
}

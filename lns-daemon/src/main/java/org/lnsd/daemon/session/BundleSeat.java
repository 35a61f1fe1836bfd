package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.SessionAddresses;
import org.lnsd.daemon.forwarding.SessionCounters;
import org.lnsd.ppp.link.LcpAgreement;

/** A session's place in the bundle of its subscriber, empty for most. */
final class BundleSeat {
    private final SessionServices services;
    private final Session session;
    private volatile @Nullable Bundle bundle;

    BundleSeat(SessionServices services, Session session) {
        this.services = services;
        this.session = session;
    }

    /** LCP has opened, perhaps anew: who no longer fits leaves. The only link of a bundle goes on alone, if it can. */
    void linkOpened(LcpAgreement agreement, long nowNs) {
        Bundle mine = bundle;
        if (mine == null || mine.fits(agreement)) {
            return;
        }
        if (mine.isHolder(session) && mine.links() == 1 && !mine.isLent()) {
            bundle = null;
            session.link().bundled(false);
            mine.leave(session, nowNs);
        } else {
            session.close(SessionEnd.bundle("the link no longer fits its bundle", Bundle.PPP_BUNDLE_MRRU), nowNs);
        }
    }

    /** LCP is no longer open, or is about to close: what the bundle has on this link goes on over another, if one can take it. */
    void linkClosed(long nowNs) {
        Bundle mine = bundle;
        if (mine != null) {
            mine.suspend(session, nowNs);
            if (mine.isHolder(session) && !mine.passOn(true, nowNs)) {
                session.link().lowerNetworks(nowNs);
            }
        }
    }

    /** The call is over; the bundle lives as long as it has a link. */
    void linkEnded(long nowNs) {
        Bundle mine = bundle;
        if (mine != null) {
            mine.suspend(session, nowNs);
            if (mine.isHolder(session) && !mine.passOn(false, nowNs)) {
                mine.retire();
            }
        }
    }

    /** The call is about to be closed. Returns whether what it has above PPP ends with it. */
    boolean endsLine() {
        Bundle mine = bundle;
        if (mine == null || !mine.isEnding()) {
            return mine == null;
        }
        mine.retire();
        return true;
    }

    /** Closes the whole line, whatever its links. */
    void closeAll(SessionEnd end, long nowNs) {
        Bundle mine = bundle;
        if (mine == null) {
            session.close(end, nowNs);
        } else {
            mine.closeAll(end, nowNs);
        }
    }

    /** Returns the bundle that a link of this user and agreement joins, or null: it leads one or none. */
    @Nullable
    Bundle joinable(String user, LcpAgreement agreement) {
        Bundle present = services.table().bundles().get(Bundle.key(user, agreement));
        return present == null || present.isHolder(session) ? null : present;
    }

    /** Returns the session that has the addresses: one link of its bundle, this one where there is none. */
    Session holder() {
        Bundle mine = bundle;
        return mine == null ? session : mine.holder();
    }

    /** Returns the row of the packets, which a further link of a bundle has none of. */
    int lineRow() {
        Bundle mine = bundle;
        return mine == null ? session.row() : mine.rowOf(session);
    }

    /** Returns the name of its bundle, or the given one for a bundle that is to be. */
    String nameOr(String other) {
        Bundle mine = bundle;
        return mine == null ? other : mine.id();
    }

    /** Returns how many links its bundle has had so far (RFC 2866 section 5.12), 0 without one. */
    int links() {
        Bundle mine = bundle;
        return mine == null ? 0 : mine.linksEver();
    }

    /** Its first link. */
    void lead(String user, LcpAgreement agreement) {
        bundle = Bundle.lead(services, bundle, user, session, agreement);
    }

    /** One more link. */
    void join(Bundle other, LcpAgreement agreement) {
        bundle = other;
        other.join(session, agreement);
    }

    /** Returns whether IP flows by the link's own network protocols only; a further link has those of the holder. */
    boolean needsNetworks() {
        Bundle mine = bundle;
        return mine == null || mine.isHolder(session);
    }

    /** Tells the accounts, of all links, which addresses they have. */
    void tellAccounts(SessionAddresses addresses) {
        Bundle mine = bundle;
        if (mine == null) {
            session.accounts().tell(addresses);
        } else {
            mine.tellAccounts(addresses);
        }
    }

    /** The tunnel's peer has moved. */
    void pathChanged() {
        Bundle mine = bundle;
        if (mine != null && mine.isHolder(session)) {
            mine.pathChanged();
        }
    }

    /** The session has ended. */
    void leave(long nowNs) {
        Bundle mine = bundle;
        if (mine != null) {
            mine.leave(session, nowNs);
        }
    }

    /** Borrows a frame of the link; returns whether it belongs to the bundle rather than to that link alone. */
    boolean takes(ByteBuf frame, long nowNs) {
        Bundle mine = bundle;
        return mine != null && mine.takes(session, frame, nowNs);
    }

    /** Borrows an IP packet and sends it round the links. */
    void send(ByteBuf ipPacket) {
        Bundle mine = bundle;
        if (mine != null) {
            mine.send(ipPacket);
        }
    }

    /** Returns what the subscriber has transferred: over all links for the holder, which has the limits. */
    SessionCounters traffic() {
        Bundle mine = bundle;
        return mine != null && mine.isHolder(session) ? mine.traffic() : session.accounts().counters();
    }

    long nextDeadlineNs() { return Bundle.nextDeadlineNs(bundle, session); }

    void onTimeout(long nowNs) { Bundle.onTimeout(bundle, session, nowNs); }
}

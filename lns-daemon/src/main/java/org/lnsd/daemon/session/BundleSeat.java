package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.forwarding.SessionCounters;
import org.lnsd.ppp.link.LcpAgreement;

/** A session's place in the bundle of its subscriber, empty for most. */
final class BundleSeat {
    private final SessionServices services;
    private final Session session;
    private @Nullable Bundle bundle;

    BundleSeat(SessionServices services, Session session) {
        this.services = services;
        this.session = session;
    }

    /** LCP has opened, perhaps anew: nothing is sent over the link before it is authenticated; who no longer fits leaves. */
    void linkOpened(LcpAgreement agreement, long nowNs) {
        Bundle mine = bundle;
        if (mine != null && mine.fits(agreement)) {
            mine.suspend(session);
        } else if (mine != null) {
            bundle = null;
            mine.leave(session, session.row(), nowNs);
            if (!mine.isFirst(session)) { // it has no addresses of its own to go on with
                session.close(SessionEnd.bundle("the link no longer fits its bundle", Bundle.PPP_BUNDLE_MRRU), nowNs);
            }
        }
    }

    /** Returns the bundle that a link of this user and agreement joins, or null: it leads one or none. */
    @Nullable
    Bundle joinable(String user, LcpAgreement agreement) {
        Bundle present = services.table().bundles().get(Bundle.key(user, agreement));
        return present == null || present.isFirst(session) ? null : present;
    }

    /** Returns the session that has the addresses: the first link of its bundle, this one where there is none. */
    Session holder() {
        Bundle mine = bundle;
        return mine == null ? session : mine.first();
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

    /** Returns whether IP flows by the link's own network protocols only; a further link has those of the first. */
    boolean needsNetworks() {
        Bundle mine = bundle;
        return mine == null || mine.isFirst(session);
    }

    /** The session has ended. */
    void leave(int formerRow, long nowNs) {
        Bundle mine = bundle;
        if (mine != null) {
            mine.leave(session, formerRow, nowNs);
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

    /** Returns what the subscriber has transferred: over all links for the first one, which has the limits. */
    SessionCounters traffic() {
        Bundle mine = bundle;
        return mine != null && mine.isFirst(session) ? mine.traffic() : session.networkPart().counters();
    }

    long nextDeadlineNs() { return Bundle.nextDeadlineNs(bundle, session); }

    void onTimeout(long nowNs) { Bundle.onTimeout(bundle, session, nowNs); }
}

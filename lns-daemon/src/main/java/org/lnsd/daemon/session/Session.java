package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.AccessVerdict;
import org.lnsd.daemon.aaa.ProfileChange;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.PuntSink;
import org.lnsd.daemon.forwarding.SessionCounters;
import org.lnsd.daemon.forwarding.SessionPath;
import org.lnsd.daemon.forwarding.TunnelPath;
import org.lnsd.daemon.history.HistoryTrack;
import org.lnsd.daemon.intercept.InterceptTarget;
import org.lnsd.daemon.loop.Guarded;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.ppp.auth.Credentials;
import org.lnsd.ppp.frame.FrameHeader;
import org.lnsd.ppp.frame.PppProtocol;
import org.lnsd.ppp.link.DownCause;
import org.lnsd.ppp.link.LcpAgreement;
import org.lnsd.ppp.link.LinkEvent;
import org.lnsd.ppp.link.LinkView;
import org.lnsd.ppp.link.PppLink;
import org.lnsd.ppp.link.ProxyNegotiation;

/**
 * One subscriber's session: the L2TP call below, the PPP link, authentication, addresses, forwarding and accounting, in
 * this order up and in the reverse order down. Owned by the control loop; what others may read is volatile or immutable.
 */
public final class Session extends Guarded implements PuntSink, SessionTable.UserEntry {
    /** A subscriber that does not acknowledge our Terminate-Request is not waited for any longer. */
    private static final long CLOSING_LIMIT_NS = 5_000_000_000L;

    private final SessionServices services;
    private final SessionSettings settings;
    private final CallControl control;
    private final SessionRecord record;
    private final PppLink link;
    private final SessionAccounts accounts;
    private volatile SessionNetworks networks;
    private final HistoryTrack track;
    private final Admission admission = new Admission(this);
    final BundleSeat seat;

    private volatile SessionState state = SessionState.CALL;
    private volatile @Nullable LinkView linkView;
    private final RouteGate routeGate;
    private EarlyFrames early = EarlyFrames.NONE;
    private @Nullable SessionPath path;
    private volatile int row = Forwarding.NO_ROW;
    private volatile @Nullable SessionEnd why;
    private boolean viewStale;
    private boolean linkStarted;
    private boolean linkDown;
    private long lastPacketsIn;
    private long closingDeadlineNs = Long.MAX_VALUE;

    Session(SessionServices services, SessionSettings settings, CallControl control, int localSessionId,
            IncomingCall call) {
        this.services = services;
        this.settings = settings;
        this.control = control;
        this.record = new SessionRecord(services.ids().next(), services.loop().nowNs(), localSessionId, call);
        this.link = new PppLink(settings.linkOf(control.peer()), services.random(), services.allocator());
        this.track = services.history().open(record.id());
        this.seat = new BundleSeat(services, this);
        this.accounts = new SessionAccounts(services, this);
        this.networks = new SessionNetworks(services, settings, this);
        this.routeGate = new RouteGate(services, networks, this::routesMade);
    }

    /** Returns the name of the session for operators and accounting, unique over restarts. */
    public String id() {
        return record.id();
    }

    /** Returns how far it is. */
    public SessionState state() { return state; }

    /** Returns the authenticated user, empty before. */
    @Override
    public String user() {
        SessionGrant grant = networks.grant();
        return grant == null ? "" : grant.user();
    }

    /** Returns all prefixes that are the subscriber's now, host prefixes included. */
    public List<IpPrefix> networks() {
        return networks.attached();
    }

    /** Changes what the session may do at an operator's wish; returns why it cannot be so, or null. */
    public @Nullable String change(ProfileChange change, long nowNs) {
        SessionNetworks line = seat.holder().networks;
        String refusal = line.refusal(change);
        if (refusal == null) {
            line.change(change, nowNs);
            track.add("limits", "changed by an operator");
        }
        return refusal;
    }

    /** Copies the packets to the target, or nowhere; false: it is not authenticated, or there was no interception to end. */
    public boolean intercept(Optional<InterceptTarget> target, String requester) throws IOException {
        return seat.holder().networks.intercept(target, requester);
    }

    /** The configuration's filters have changed: takes them over. */
    public void refreshLimits() {
        networks.applyLimits();
    }

    SessionServices services() { return services; }

    SessionSettings settings() { return settings; }

    HistoryTrack track() { return track; }

    SessionRecord record() { return record; }

    SessionNetworks networkPart() { return networks; }

    SessionAccounts accounts() { return accounts; }

    CallControl control() { return control; }

    PppLink link() { return link; }

    /** Returns how packets go over the call; only after {@link #install}. */
    @Nullable
    SessionPath path() { return path; }

    @Nullable
    LinkView linkView() { return linkView; }

    /** Returns what the subscriber has transferred, over all links of its bundle if this is the first. */
    SessionCounters traffic() {
        return seat.traffic();
    }

    /** Returns the row of the forwarding plane, negative while there is none. */
    public int row() { return row; }

    /** Returns the last thing that happened, for operators. */
    String lastEvent() {
        SessionEnd end = why;
        return end == null ? state.label() : end.label();
    }

    // ---- the call below -------------------------------------------------------------------------------------------

    /** The call is established (ICCN): the link starts. */
    public void connected(int peerSessionId, CallParameters parameters, long nowNs) {
        guarded(nowNs, () -> start(peerSessionId, parameters, nowNs));
    }

    /** The call is over; {@code cause} is the LAC's when {@code byPeer}. */
    public void callEnded(CallDisconnect cause, boolean byPeer, long nowNs) {
        because(byPeer ? DisconnectCauses.ofCall(cause) : SessionEnd.callFailed(cause));
        guarded(nowNs, () -> carrierLost(nowNs));
    }

    /** The tunnel is gone; no CDN can be sent. */
    public void tunnelLost(String text, long nowNs) {
        because(DisconnectCauses.ofTunnel(text));
        guarded(nowNs, () -> carrierLost(nowNs));
    }

    /** The LAC has changed the line's speed (CSUN, RFC 5515). */
    public void speedsChanged(long transmitBps, long receiveBps) {
        record.speeds(transmitBps, receiveBps);
        track.add("speed", "transmit " + transmitBps + " receive " + receiveBps);
        networks.speedsChanged();
    }

    /** The tunnel's peer has moved to another port. */
    public void tunnelMoved(TunnelPath tunnel) {
        SessionPath present = path;
        if (present != null && row != Forwarding.NO_ROW) {
            path = present.withTunnel(tunnel);
            services.forwarding().update(row, present.withTunnel(tunnel));
            seat.pathChanged();
        }
    }

    private void start(int peerSessionId, CallParameters parameters, long nowNs) {
        record.connected(peerSessionId, control, link, parameters, nowNs);
        SessionPath connected = SessionPath.initial(control.path(), record.localSessionId(), peerSessionId,
                parameters.sequencingRequired());
        path = connected;
        services.forwarding().update(row, connected);
        record.identity(SessionIdentities.identity(this, parameters));
        enter(SessionState.LCP);
        linkStarted = true;
        ProxyNegotiation proxy = settings.takesProxyOf(control.peer())
                ? SessionIdentities.proxy(parameters)
                : null;
        if (proxy == null) {
            link.start(nowNs);
        } else {
            link.start(proxy, nowNs);
        }
        EarlyFrames kept = early;
        early = EarlyFrames.NONE;
        kept.replay(frame -> dispatch(frame, nowNs));
    }

    /**
     * Makes the row while the call is only offered: the subscriber's first frame comes right behind the ICCN, by another
     * socket and thread, and must not be lost (its sender would wait a Restart timer).
     *
     * @return false when the forwarding has no room
     */
    boolean install() {
        SessionPath offered = SessionPath.initial(control.path(), record.localSessionId(), record.peerSessionId(),
                false);
        row = services.forwarding().install(offered, this);
        path = offered;
        return row != Forwarding.NO_ROW;
    }

    private void carrierLost(long nowNs) {
        record.callOver();
        if (linkStarted && !linkDown) {
            link.lowerDown(nowNs);
        } else {
            finish();
        }
    }

    // ---- what comes from the line and from the clock --------------------------------------------------------------

    @Override
    public void onFrame(int fromRow, ByteBuf pppFrame, long nowNs) {
        if (fromRow != row || state == SessionState.ENDED) {
            return;
        }
        SessionTrace.received(track, control.path(), record, pppFrame);
        if (!linkStarted) {
            early = early.with(pppFrame, services.counts());
            return;
        }
        if (!routeGate.keeps(pppFrame)) {
            guarded(nowNs, () -> dispatch(pppFrame, nowNs));
        }
    }

    private void routesMade(EarlyFrames kept) {
        long nowNs = services.loop().nowNs();
        guarded(nowNs, () -> kept.replay(frame -> dispatch(frame, nowNs)));
    }

    @Override
    public void onPacket(int toRow, ByteBuf ipPacket, long nowNs) {
        if (toRow == row) {
            seat.send(ipPacket);
        }
    }

    private void dispatch(ByteBuf frame, long nowNs) {
        if (!seat.takes(frame, nowNs)) {
            receive(frame, nowNs);
        }
    }

    /** Borrows a frame that came by any link of the bundle. */
    void onBundleFrame(ByteBuf frame, long nowNs) {
        if (state != SessionState.ENDED) {
            guarded(nowNs, () -> receive(frame, nowNs));
        }
    }

    private void receive(ByteBuf frame, long nowNs) {
        int start = frame.readerIndex();
        if (FrameHeader.readProtocol(frame) == PppProtocol.IPV6) {
            networks.onPacket(frame.slice(), nowNs);
        } else {
            link.onFrame(frame.readerIndex(start), nowNs);
        }
    }

    @Override
    public long nextDeadlineNs() {
        if (state == SessionState.ENDED) {
            return Long.MAX_VALUE;
        }
        return Math.min(Math.min(link.nextDeadlineNs(), closingDeadlineNs),
                Math.min(networks.nextDeadlineNs(), seat.nextDeadlineNs()));
    }

    @Override
    public void onDeadline(long nowNs) { guarded(nowNs, () -> timeout(nowNs)); }

    private void timeout(long nowNs) {
        if (closingDeadlineNs <= nowNs) {
            finish();
            return;
        }
        if (link.nextDeadlineNs() <= nowNs) {
            seeTraffic(nowNs);
            viewStale |= link.isRestartDue(nowNs);
            link.onTimeout(nowNs);
        }
        seat.onTimeout(nowNs);
        SessionEnd limit = networks.onTimeout(nowNs);
        if (limit != null && networks.isTimeOver()) {
            admission.askAgain(nowNs);
        } else if (limit != null) {
            seat.closeAll(limit, nowNs);
        }
    }

    /** Data from the subscriber since the last look spares the line an echo. */
    private void seeTraffic(long nowNs) {
        if (state == SessionState.OPEN) {
            SessionCounters counters = accounts.counters();
            if (counters.packetsIn != lastPacketsIn) {
                lastPacketsIn = counters.packetsIn;
                link.onTrafficSeen(nowNs);
            }
        }
    }

    // ---- the link's events ----------------------------------------------------------------------------------------

    private void handle(LinkEvent event, long nowNs) {
        switch (event) {
            case LinkEvent.LcpOpened(LcpAgreement agreement) -> lcpOpened(agreement, nowNs);
            case LinkEvent.LcpClosed() -> seat.linkClosed(nowNs);
            case LinkEvent.AuthenticationRequested(Credentials credentials) -> admission.ask(credentials);
            case LinkEvent.Authenticated() -> services.counts().count("authenticated");
            case LinkEvent.Ipv4Up up -> {
                networks.ipv4Up(up.peer());
                open(nowNs);
            }
            case LinkEvent.Ipv4Down() -> networks.ipv4Down();
            case LinkEvent.Ipv6Up(long local, long peer) -> {
                networks.ipv6Up(local, peer, nowNs);
                open(nowNs);
            }
            case LinkEvent.Ipv6Down() -> networks.ipv6Down();
            case LinkEvent.Down(DownCause cause) -> {
                linkDown = true;
                if (cause.reason() == DownCause.Reason.PEER_CLOSE) {
                    why = null; // the subscriber's goodbye came first; the LAC's CDN only follows from it
                }
                because(DisconnectCauses.ofLink(cause));
                finish();
            }
            case LinkEvent.Negotiation negotiation -> track.add(negotiation);
        }
        viewStale = true;
    }

    private void lcpOpened(LcpAgreement agreement, long nowNs) {
        enter(SessionState.AUTHENTICATE);
        record.tellLinkInfo(control, link, agreement, nowNs);
        networks.linkOpened(agreement);
        seat.linkOpened(agreement, nowNs);
        updatePath(agreement);
    }

    void updatePath(LcpAgreement agreement) {
        SessionPath present = path;
        if (present != null && row != Forwarding.NO_ROW) {
            SessionPath next = present.withLink(networks.mtu(agreement.peerMru()), agreement.sendWithAddressControl(),
                    agreement.sendProtocolCompressed());
            if (agreement.localMrru() > 0) {
                next = next.inBundle(networks.mtu(agreement.peerMrru()));
            }
            path = next;
            services.forwarding().update(row, next);
        }
    }

    void open(long nowNs) {
        if (state != SessionState.OPEN) {
            enter(SessionState.OPEN);
            services.counts().count("opened");
            record.opened(nowNs);
        }
    }

    /** Tells the log once that the session is up, when its addresses are known. */
    void announce() {
        record.opened(services.loop().nowNs());
        SessionLog.up(this);
    }

    void onVerdict(AccessVerdict verdict) {
        if (state != SessionState.ENDED && state != SessionState.CLOSING) {
            long nowNs = services.loop().nowNs();
            guarded(nowNs, () -> admission.decide(verdict, nowNs));
        }
    }

    /** From now on the call carries these: those of its bundle, or none but its own. */
    void networks(SessionNetworks next) {
        networks = next;
    }

    /** The network protocols of the bundle are this link's from now on, with what is up. */
    void carry(PppLink former, long nowNs) {
        guarded(nowNs, () -> {
            track.add("multilink", "carries the line");
            link.adoptNetworks(former, nowNs);
            networks.applyLimits();
            viewStale = true;
        });
    }

    /** The call leaves its row to the bundle; while it lives it gets another. Returns false: there is none. */
    boolean leaveRow(boolean lives) {
        SessionPath present = path;
        int next = !lives || present == null ? Forwarding.NO_ROW : services.forwarding().install(present, this);
        accounts.leaveRow(next);
        row = next;
        return next != Forwarding.NO_ROW;
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /** Ends the session politely: LCP Terminate, then CDN. */
    public void close(SessionEnd end, long nowNs) {
        guarded(nowNs, () -> beginClose(end, nowNs));
    }

    /** Ends the session politely, and all other links of its bundle. */
    public void closeLine(SessionEnd end, long nowNs) {
        seat.closeAll(end, nowNs);
    }

    /** Ends the session at once: one Terminate-Request, nobody is waited for. */
    public void endNow(SessionEnd end, long nowNs) {
        guarded(nowNs, () -> {
            beginClose(end, nowNs);
            sendFrames();
            finish();
        });
    }

    void beginClose(SessionEnd end, long nowNs) {
        if (state == SessionState.ENDED || state == SessionState.CLOSING) {
            return;
        }
        because(end);
        if (seat.endsLine()) {
            networks.down(end);
        } else {
            seat.linkClosed(nowNs);
        }
        enter(SessionState.CLOSING);
        closingDeadlineNs = nowNs + CLOSING_LIMIT_NS;
        if (linkStarted && !linkDown) {
            link.close(end.text(), nowNs);
        } else {
            finish();
        }
    }

    void because(SessionEnd end) {
        if (why == null) {
            why = end;
        }
    }

    private void finish() {
        if (state == SessionState.ENDED) {
            return;
        }
        SessionEnd end = why == null ? SessionEnd.bug("ended without a cause") : why;
        sendFrames();
        seat.linkEnded(services.loop().nowNs());
        networks.down(end);
        enter(SessionState.ENDED);
        services.deadlines().remove(this);
        early.release();
        routeGate.close();
        int formerRow = row;
        if (formerRow != Forwarding.NO_ROW) {
            services.forwarding().remove(formerRow);
        }
        services.table().remove(this);
        seat.leave(services.loop().nowNs());
        services.counts().count("ended-" + end.label());
        SessionLog.down(this, end, services.loop().nowNs());
        track.end(end.label(), end.text());
        if (record.isCallUp()) {
            record.callOver();
            control.hangUp(record.localSessionId(), end.disconnect(), services.loop().nowNs());
        }
    }

    // ---- plumbing -------------------------------------------------------------------------------------------------

    void enter(SessionState next) {
        SessionState former = state;
        if (former != next) {
            state = next;
            services.table().moved(former, next);
            track.add("state", next.label());
        }
    }

    @Override
    protected void onDefect(RuntimeException defect, long nowNs) {
        services.counts().count("bug");
        SessionLog.defect(this, defect);
        because(SessionEnd.bug(defect.getClass().getSimpleName()));
        finish();
    }

    @Override
    protected void rearm() {
        if (state != SessionState.ENDED) {
            services.deadlines().update(this);
        }
    }

    @Override
    protected void drain(long nowNs) {
        LinkEvent event = nextEvent();
        do {
            // Forwarding first: the subscriber's first packet comes right behind the Ack that is about to be sent.
            while (event != null) {
                handle(event, nowNs);
                event = nextEvent();
            }
            sendFrames();
            networks.sendPackets();
            event = nextEvent();
        } while (event != null);
        if (viewStale) {
            viewStale = false;
            LinkView view = link.view();
            linkView = services.table().shared().same(view.states());
            if (state == SessionState.OPEN && view.agreement().isPresent() && seat.needsNetworks()
                    && !networks.isUp()) {
                enter(SessionState.NETWORK); // the subscriber has closed what was open, and may open it again
            }
        }
    }

    private @Nullable LinkEvent nextEvent() { return state == SessionState.ENDED ? null : link.pollEvent(); }

    private void sendFrames() {
        for (ByteBuf frame = link.pollTransmit(); frame != null; frame = link.pollTransmit()) {
            if (row == Forwarding.NO_ROW || state == SessionState.ENDED) {
                frame.release();
            } else {
                SessionTrace.sent(track, control.path(), record, frame);
                services.forwarding().sendFrame(row, frame);
            }
        }
    }
}

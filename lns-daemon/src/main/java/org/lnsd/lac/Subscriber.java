package org.lnsd.lac;

import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.Networks;
import org.lnsd.daemon.forwarding.PuntSink;
import org.lnsd.daemon.forwarding.SessionPath;
import org.lnsd.daemon.loop.Timed;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.ppp.link.LcpAgreement;
import org.lnsd.ppp.link.LinkEvent;
import org.lnsd.ppp.link.PppLink;

/**
 * One subscriber: the call that the LAC places for it and the client end of its PPP. Waiting, calling (ICRQ sent), negotiating (ICCN sent,
 * LCP to IPCP), open, closing, and at the end closed or failed; a closed or failed one may be called again.
 */
final class Subscriber extends Timed implements PuntSink {

    /** Where a subscriber stands; the names are those of the report. */
    enum State {
        WAITING, CALLING, NEGOTIATING, OPEN, CLOSING, CLOSED, FAILED
    }

    private final Emulator emulator;
    private final int number;
    private State state = State.WAITING;
    private String cause = "";
    private @Nullable LacTunnel tunnel;
    private @Nullable PppLink link;
    private @Nullable SessionPath path;
    private @Nullable SubscriberIpv6 ipv6;
    private Optional<Inet4Address> ipv4 = Optional.empty();
    private int localSessionId;
    private int row = Forwarding.NO_ROW;
    private boolean draining;
    private boolean everOpen;
    private boolean wasOpen;
    private long startedNs;
    private long setupDurationNs;
    private long setupDeadlineNs = Long.MAX_VALUE;

    Subscriber(Emulator emulator, int number) {
        this.emulator = emulator;
        this.number = number;
    }

    State state() { return state; }

    String cause() { return cause; }

    int number() { return number; }

    boolean everOpen() { return everOpen; }

    int row() { return row; }

    long setupDurationNs() { return setupDurationNs; }

    Optional<Inet4Address> ipv4() { return ipv4; }

    @Nullable
    SubscriberIpv6 ipv6() { return ipv6; }

    // ---- the call

    /** Places the call in a tunnel that is open. */
    void call(LacTunnel through, long nowNs) {
        tunnel = through;
        cause = "";
        startedNs = nowNs;
        setupDurationNs = 0;
        wasOpen = false;
        setupDeadlineNs = nowNs + emulator.setupTimeoutNs();
        emulator.tally().called(nowNs);
        transition(State.CALLING);
        localSessionId = through.place(this, emulator.calls().call(number), nowNs);
        if (localSessionId < 0) {
            fail("no session id left in the tunnel");
        }
        rearm();
    }

    /** There is no way to place the call. */
    void giveUp(String why) { fail(why); }

    /** The LNS answered with ICRP. The row must be there before the ICCN leaves: the LNS may speak at once. */
    void onAnswered(int peerSessionId, long nowNs) {
        LacTunnel through = tunnel;
        if (state != State.CALLING || through == null) {
            return;
        }
        boolean sequencing = emulator.plan().subscribers().sequencing;
        SessionPath initial = SessionPath.initial(through.path(), localSessionId, peerSessionId, sequencing);
        path = initial;
        row = emulator.forwarding().install(initial, this);
        PppLink fresh = new PppLink(emulator.calls().link(number), emulator.random(), emulator.allocator());
        link = fresh;
        transition(State.NEGOTIATING);
        through.connect(this, localSessionId, parameters(fresh, nowNs), nowNs);
    }

    /** The ICCN has left: the LNS knows the session when our first frame comes. */
    void onConnected(long nowNs) {
        PppLink fresh = link;
        if (fresh != null && state == State.NEGOTIATING) {
            if (!emulator.plan().subscribers().proxy) {
                fresh.start(nowNs);
            }
            fresh.openNetworks(emulator.calls().networks(), nowNs);
            drain(nowNs);
        }
    }

    private CallParameters parameters(PppLink client, long nowNs) {
        CallParameters.Builder parameters = emulator.calls().connect(number);
        if (emulator.plan().subscribers().proxy) {
            new ProxyLac(emulator.calls().proxyLink(), emulator.plan().subscribers().proxyMruLie, emulator.random(),
                    emulator.allocator())
                    .negotiate(client, parameters, nowNs);
        }
        return parameters.build();
    }

    /** The call is over: by a CDN, or with its tunnel. */
    void onCallEnded(CallDisconnect disconnect, boolean byPeer, long nowNs) {
        if (byPeer && state != State.CLOSING) {
            cause = describe(disconnect);
        }
        PppLink ended = link;
        if (ended != null) {
            ended.lowerDown(nowNs);
            drain(nowNs);
        }
        forget();
    }

    // ---- commands of the emulator

    /** Hangs up as a subscriber's router does: LCP Terminate, then the call. */
    void close(String reason, long nowNs) {
        if (state == State.CALLING) {
            hangUp(reason, nowNs);
        } else if (state == State.NEGOTIATING || state == State.OPEN) {
            transition(State.CLOSING);
            PppLink open = link;
            if (open != null) {
                open.close(reason, nowNs);
                drain(nowNs);
            }
        }
    }

    /** Ends the call with CDN, whatever PPP is doing. */
    void hangUp(String reason, long nowNs) {
        LacTunnel through = tunnel;
        if (through != null && localSessionId > 0) {
            if (state != State.CLOSING && state != State.FAILED) {
                transition(State.CLOSING);
            }
            through.hangUp(localSessionId, CallDisconnect.of(ResultCode.CDN_LOST_CARRIER, reason), nowNs);
        }
        rearm();
    }

    /** Returns what measured traffic needs, while IPv4 is up. */
    Optional<TrafficSender.Flow> flow() {
        SessionPath open = path;
        return open == null || state != State.OPEN
                ? Optional.empty()
                : ipv4.map(address -> new TrafficSender.Flow(open, address));
    }

    /** Sends an IP packet of the subscriber's own; takes ownership. */
    void sendPacket(ByteBuf ipPacket) {
        if (row == Forwarding.NO_ROW) {
            ipPacket.release();
        } else {
            emulator.forwarding().injectDown(row, ipPacket);
        }
    }

    // ---- the link

    @Override
    public void onFrame(int ofRow, ByteBuf pppFrame, long nowNs) {
        PppLink open = link;
        if (open == null || ofRow != row) {
            return;
        }
        SubscriberIpv6 services = ipv6;
        if (services != null && services.onFrame(pppFrame, nowNs)) {
            attach();
            settleIfUp(nowNs);
            rearm();
            return;
        }
        emulator.tally().framesReceived++;
        open.onFrame(pppFrame, nowNs);
        drain(nowNs);
    }

    @Override
    public long nextDeadlineNs() {
        long deadlineNs = setupDeadlineNs;
        if (link != null) {
            deadlineNs = Math.min(deadlineNs, link.nextDeadlineNs());
        }
        return ipv6 == null ? deadlineNs : Math.min(deadlineNs, ipv6.nextDeadlineNs());
    }

    @Override
    public void onDeadline(long nowNs) {
        if (setupDeadlineNs <= nowNs) {
            setupDeadlineNs = Long.MAX_VALUE;
            fail(timeoutText());
            hangUp("set-up took too long", nowNs);
            return;
        }
        if (link != null && link.nextDeadlineNs() <= nowNs) {
            link.onTimeout(nowNs);
            drain(nowNs);
        }
        if (ipv6 != null) {
            ipv6.onTimeout(nowNs);
        }
    }

    private String timeoutText() {
        if (link == null) {
            return "no answer to the call within " + emulator.plan().load().timeoutSeconds + " s";
        }
        return "not up within " + emulator.plan().load().timeoutSeconds + " s: LCP " + link.view().lcp() + ", IPCP "
                + link.view().ipcp()
                + ", IPv6CP " + link.view().ipv6cp();
    }

    private void drain(long nowNs) {
        PppLink open = link;
        if (draining || open == null) {
            return;
        }
        draining = true;
        try {
            sendAll(open);
            for (LinkEvent event = open.pollEvent(); event != null; event = open.pollEvent()) {
                onEvent(event, nowNs);
                sendAll(open);
            }
        } finally {
            draining = false;
        }
        rearm();
    }

    private void sendAll(PppLink open) {
        for (ByteBuf frame = open.pollTransmit(); frame != null; frame = open.pollTransmit()) {
            if (row == Forwarding.NO_ROW) {
                frame.release();
            } else {
                emulator.tally().framesSent++;
                emulator.forwarding().sendFrame(row, frame);
            }
        }
    }

    private void onEvent(LinkEvent event, long nowNs) {
        switch (event) {
            case LinkEvent.LcpOpened(LcpAgreement agreement) -> onLcpOpened(agreement);
            case LinkEvent.Ipv4Up up -> {
                ipv4 = Optional.of(up.local());
                emulator.addresses().add(IpPrefix.ofHost(up.local()));
                attach();
                settleIfUp(nowNs);
            }
            case LinkEvent.Ipv4Down() -> {
                ipv4.ifPresent(address -> emulator.addresses().remove(IpPrefix.ofHost(address)));
                ipv4 = Optional.empty();
                attach();
            }
            case LinkEvent.Ipv6Up(long localInterfaceId, long peerInterfaceId) -> {
                ipv6 = new SubscriberIpv6(this, emulator, localInterfaceId);
                ipv6.start(nowNs);
                settleIfUp(nowNs);
            }
            case LinkEvent.Ipv6Down() -> closeIpv6();
            case LinkEvent.Down down -> onLinkDown(down, nowNs);
            case LinkEvent.LcpClosed _,LinkEvent.AuthenticationRequested _,LinkEvent.Authenticated _,LinkEvent.Negotiation _ ->
                {}
        }
    }

    private void onLcpOpened(LcpAgreement agreement) {
        SessionPath agreed = path;
        if (agreed != null && row != Forwarding.NO_ROW) {
            SessionPath updated = agreed.withLink(agreement.peerMru(), agreement.sendWithAddressControl(),
                    agreement.sendProtocolCompressed());
            path = updated;
            emulator.forwarding().update(row, updated);
        }
    }

    private void onLinkDown(LinkEvent.Down down, long nowNs) {
        boolean wanted = state == State.CLOSING;
        if (!wanted && cause.isEmpty()) {
            cause = "PPP: " + down.cause().text();
        }
        closeIpv6();
        hangUp(wanted ? "" : cause, nowNs);
    }

    private void attach() {
        if (row == Forwarding.NO_ROW) {
            return;
        }
        List<IpPrefix> prefixes = ipv6 == null ? List.of() : ipv6.prefixes();
        if (ipv4.isEmpty() && prefixes.isEmpty()) {
            emulator.forwarding().detach(row);
        } else {
            emulator.forwarding().attach(row, new Networks(ipv4, List.of(), prefixes, false, false));
        }
    }

    private void settleIfUp(long nowNs) {
        LacPlan plan = emulator.plan();
        boolean up = (!plan.ipv4() || ipv4.isPresent()) && (!plan.ipv6() || (ipv6 != null && ipv6.complete()));
        if (state == State.NEGOTIATING && up) {
            setupDeadlineNs = Long.MAX_VALUE;
            setupDurationNs = nowNs - startedNs;
            everOpen = true;
            wasOpen = true;
            emulator.tally().opened(startedNs, nowNs);
            transition(State.OPEN);
        }
    }

    private void fail(String why) {
        cause = why;
        emulator.tally().failed(why);
        transition(State.FAILED);
    }

    private void closeIpv6() {
        SubscriberIpv6 services = ipv6;
        ipv6 = null;
        if (services != null) {
            services.close();
            attach();
        }
    }

    private void forget() {
        closeIpv6();
        ipv4.ifPresent(address -> emulator.addresses().remove(IpPrefix.ofHost(address)));
        ipv4 = Optional.empty();
        if (row != Forwarding.NO_ROW) {
            emulator.onRowLeaves(row);
            emulator.forwarding().remove(row);
            row = Forwarding.NO_ROW;
        }
        link = null;
        path = null;
        localSessionId = 0;
        setupDeadlineNs = Long.MAX_VALUE;
        emulator.deadlines().remove(this);
        switch (state) {
            case CLOSING -> transition(cause.isEmpty() ? State.CLOSED : failedState());
            case CALLING, NEGOTIATING, OPEN -> transition(failedState());
            case WAITING, CLOSED, FAILED -> {}
        }
    }

    /** What ended without our asking: counted once, as lost if it had been open. */
    private State failedState() {
        if (state == State.OPEN || (state == State.CLOSING && wasOpen)) {
            emulator.tally().sessionsLost++;
        }
        emulator.tally().failed(cause);
        return State.FAILED;
    }

    private void rearm() { emulator.deadlines().update(this); }

    private void transition(State next) {
        State former = state;
        state = next;
        emulator.onTransition(this, former, next);
    }

    private static String describe(CallDisconnect disconnect) {
        StringBuilder text = new StringBuilder("CDN result ").append(disconnect.resultCode().value());
        if (disconnect.errorCode().value() != 0) {
            text.append(" error ").append(disconnect.errorCode().value());
        }
        if (!disconnect.message().isEmpty()) {
            text.append(": ").append(disconnect.message());
        }
        disconnect.pppCause().ifPresent(
                ppp -> text.append(" (PPP cause ").append(ppp.code()).append(' ').append(ppp.message()).append(')'));
        return text.toString();
    }

    /** Returns the subscriber's line in the report. */
    LacReport.SubscriberLine line() {
        return new LacReport.SubscriberLine(emulator.calls().user(number),
                state.name().toLowerCase(java.util.Locale.ROOT),
                ipv4.map(IpAddresses::format).orElse(""), ipv6 == null ? "" : ipv6.addressText(),
                ipv6 == null ? "" : ipv6.delegatedText(), ipv6 == null ? "" : ipv6.leasedText(),
                ipv6 == null ? "" : ipv6.dnsText(),
                setupDurationNs / 1e6, cause);
    }
}

package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.auth.AuthenticationResult;
import org.lnsd.ppp.auth.Credentials;
import org.lnsd.ppp.frame.FrameHeader;
import org.lnsd.ppp.frame.PppProtocol;
import org.lnsd.ppp.fsm.Code;
import org.lnsd.ppp.fsm.ControlProtocol;
import org.lnsd.ppp.fsm.Event;
import org.lnsd.ppp.fsm.ProtocolHost;
import org.lnsd.ppp.fsm.State;

/**
 * One end of a PPP link (RFC 1661 section 3). One thread at a time. After every call drain {@link #pollTransmit} and
 * {@link #pollEvent}, then arm a timer for {@link #nextDeadlineNs}. No method throws on what a peer sent.
 */
public final class PppLink {
    private final LinkSettings settings;
    private final RandomGenerator random;
    private final ByteBufAllocator allocator;
    private final Inside inside = new Inside();
    private final LcpPolicy lcpPolicy;
    private final ControlProtocol lcp;
    private Networks networks;
    private final KeepAlive keepAlive;
    private final Authentication authentication;

    private Phase phase = Phase.DEAD;
    private boolean ended;
    private boolean restless;
    private boolean bundled;
    private long phaseDeadlineNs = Long.MAX_VALUE;
    private long reauthenticationNs = Long.MAX_VALUE;
    private @Nullable DownCause downCause;
    private @Nullable ProxyTakeover takeover;
    private @Nullable RenegotiationLimit renegotiations;
    private @Nullable ArrayDeque<ByteBuf> transmitQueue;
    private @Nullable ArrayDeque<LinkEvent> eventQueue;

    /** Takes frames' memory from {@code allocator}; the settings may be shared by many links. */
    public PppLink(LinkSettings settings, RandomGenerator random, ByteBufAllocator allocator) {
        this.settings = settings;
        this.random = random;
        this.allocator = allocator;
        lcpPolicy = new LcpPolicy(settings, random);
        lcp = new ControlProtocol(PppProtocol.LCP, lcpPolicy, settings, random.nextInt(), true, inside);
        networks = new Networks(inside, inside);
        keepAlive = new KeepAlive(settings);
        authentication = settings.role() == Role.SERVER
                ? new ServerAuthentication(inside)
                : new ClientAuthentication(inside);
    }

    /** Before {@link #start}: what the LAC asks of our LCP (RFC 3437). */
    public void advise(LinkAdvice advice) {
        lcpPolicy.advise(advice);
    }

    /** Returns the options of an open LCP; those of the peer are known only after {@link #advise}. */
    public LcpOptions lcpOptions() {
        return lcpPolicy.options();
    }

    /** The lower layer is up: LCP starts. */
    public void start(long nowNs) {
        if (phase != Phase.DEAD || ended) {
            return;
        }
        enter(Phase.ESTABLISH, nowNs);
        lcp.open(nowNs);
        lcp.lowerUp(nowNs);
    }

    /** The lower layer is up and the LAC has negotiated before us: what fits is taken over (RFC 2661 section 4.4.5). */
    public void start(ProxyNegotiation proxy, long nowNs) {
        if (phase != Phase.DEAD || ended) {
            return;
        }
        if (authentication instanceof ServerAuthentication server && proxy.authenId() >= 0) {
            server.continueFrom(proxy.authenId());
        }
        Optional<ProxyTakeover> evaluated = settings.role() == Role.SERVER
                ? ProxyTakeover.evaluate(proxy, settings, lcpPolicy)
                : Optional.empty();
        if (evaluated.isEmpty()) {
            start(nowNs);
            return;
        }
        takeover = evaluated.get();
        lcpPolicy.adopt(takeover.ours(), takeover.peers());
        enter(Phase.ESTABLISH, nowNs);
        lcp.assumeOpened(nowNs);
    }

    /** Borrows a frame, from FF03 or from its protocol field. */
    public void onFrame(ByteBuf frame, long nowNs) {
        if (ended || phase == Phase.DEAD) {
            return;
        }
        if (settings.recordNegotiation() && NegotiationText.isWorthRecording(frame)) {
            inside.emit(NegotiationText.excerpt(frame, LinkEvent.Direction.RECEIVED));
        }
        ByteBuf packet = frame.slice();
        int protocol = FrameHeader.readProtocol(packet);
        keepAlive.heard(nowNs);
        switch (protocol) {
            case FrameHeader.MALFORMED, PppProtocol.IPV4, PppProtocol.IPV6 -> {}
            case PppProtocol.LCP -> lcp.onPacket(packet, nowNs);
            case PppProtocol.PAP, PppProtocol.CHAP -> onAuthentication(protocol, packet, nowNs);
            default -> onNetwork(protocol, packet, nowNs);
        }
        if (restless) {
            restless = false;
            inside.fail(DownCause.Reason.LCP_FAILED, "the peer negotiates anew without end", protocol, nowNs);
        }
    }

    private void onAuthentication(int protocol, ByteBuf packet, long nowNs) {
        if (phase == Phase.AUTHENTICATE || phase == Phase.NETWORK) {
            authentication.onPacket(protocol, packet, nowNs);
        }
    }

    /** Before authentication nothing but LCP and authentication is heard (RFC 1661 section 3.5). */
    private void onNetwork(int protocol, ByteBuf packet, long nowNs) {
        if (phase != Phase.NETWORK || !networks.areKnown()) {
            return;
        }
        if (!networks.onPacket(protocol, packet, nowNs)) {
            extras().rejectProtocol(protocol, packet);
        }
    }

    /** Data came from the peer lately: no echo is needed. */
    public void onTrafficSeen(long nowNs) {
        keepAlive.heard(nowNs);
    }

    /** Does what is due. */
    public void onTimeout(long nowNs) {
        if (ended) {
            return;
        }
        lcp.onTimeout(nowNs);
        networks.onTimeout(nowNs);
        authentication.onTimeout(nowNs);
        onKeepAlive(nowNs);
        if (nowNs >= phaseDeadlineNs) {
            phaseDeadlineNs = Long.MAX_VALUE;
            onPhaseTimeout(nowNs);
        }
        if (nowNs >= reauthenticationNs) {
            reauthenticate(nowNs);
        }
    }

    /** Returns whether a Restart timer is due: {@link #onTimeout} will change what {@link #view} tells without an event. */
    public boolean isRestartDue(long nowNs) {
        return Math.min(lcp.deadlineNs(), networks.deadlineNs()) <= nowNs;
    }

    private void onKeepAlive(long nowNs) {
        switch (keepAlive.onTimeout(nowNs)) {
            case NOTHING -> {}
            case ECHO -> extras().sendEcho();
            case DEAD -> {
                String text = settings.echoFailures() + " LCP echoes unanswered";
                setCause(DownCause.Reason.PEER_DEAD, text, PppProtocol.LCP);
                finish(nowNs);
            }
        }
    }

    private void onPhaseTimeout(long nowNs) {
        switch (phase) {
            case ESTABLISH ->
                inside.fail(DownCause.Reason.LCP_TIMEOUT, "LCP does not converge", PppProtocol.LCP, nowNs);
            case AUTHENTICATE -> onAuthenticationTimeout(nowNs);
            case NETWORK ->
                inside.fail(DownCause.Reason.NETWORK_TIMEOUT, "no network protocol opened", PppProtocol.IPCP, nowNs);
            case DEAD, TERMINATE -> {}
        }
    }

    /** While the shell asks its servers the peer is not to blame. */
    private void onAuthenticationTimeout(long nowNs) {
        if (authentication instanceof ServerAuthentication server && server.isVerifying()) {
            phaseDeadlineNs = nowNs + settings.authenticationTimeoutNs();
        } else {
            int demanded = lcpPolicy.demandedOfPeer().map(AuthenticationProtocol::protocol).orElse(PppProtocol.LCP);
            inside.fail(DownCause.Reason.AUTHENTICATION_TIMEOUT, "the peer does not authenticate", demanded, nowNs);
        }
    }

    /** Returns when {@link #onTimeout} is to be called, or Long.MAX_VALUE. */
    public long nextDeadlineNs() {
        if (ended) {
            return Long.MAX_VALUE;
        }
        long deadlineNs = Math.min(lcp.deadlineNs(), networks.deadlineNs());
        deadlineNs = Math.min(deadlineNs, Math.min(authentication.deadlineNs, keepAlive.deadlineNs()));
        return Math.min(deadlineNs, Math.min(phaseDeadlineNs, reauthenticationNs));
    }

    /** Ends the link politely: Terminate-Request, then {@link LinkEvent.Down}. */
    public void close(String reason, long nowNs) {
        if (phase == Phase.DEAD) {
            setCause(DownCause.Reason.LOCAL_CLOSE, reason, PppProtocol.LCP);
            finish(nowNs);
        } else {
            inside.fail(DownCause.Reason.LOCAL_CLOSE, reason, PppProtocol.LCP, nowNs);
        }
    }

    /** The lower layer is gone: {@link LinkEvent.Down} at once, nothing is sent any more. */
    public void lowerDown(long nowNs) {
        setCause(DownCause.Reason.CARRIER_LOST, "carrier lost", 0);
        finish(nowNs);
        for (ByteBuf frame = pollTransmit(); frame != null; frame = pollTransmit()) {
            frame.release();
        }
    }

    /** Answers {@link LinkEvent.AuthenticationRequested}. */
    public void authenticationSucceeded(AuthenticationResult.Success success, long nowNs) {
        if (!ended && authentication instanceof ServerAuthentication server) {
            server.succeeded(success, nowNs);
        }
    }

    /** Answers {@link LinkEvent.AuthenticationRequested}: tells the peer, then ends the link. */
    public void authenticationFailed(String message, long nowNs) {
        if (!ended && authentication instanceof ServerAuthentication server) {
            server.failed(message, nowNs);
        }
    }

    /**
     * Says which network protocols open once the peer is authenticated; before that it is kept, so it may be
     * called right after construction. Called again with other
     * settings it renegotiates those that changed.
     */
    public void openNetworks(NetworkSettings wanted, long nowNs) {
        if (ended) {
            return;
        }
        networks.want(wanted);
        if (phase == Phase.NETWORK) {
            startNetworks(nowNs);
        }
    }

    /**
     * The link is one of a bundle, or no longer: the network protocols of a bundle outlive it (RFC 1990 section 4), so
     * that {@link LinkEvent.LcpClosed} asks the shell what becomes of them.
     */
    public void bundled(boolean isBundled) { bundled = isBundled; }

    /** Returns whether packets may go over the link: it is authenticated (RFC 1661 section 3.6). */
    public boolean isCarrying() {
        return phase == Phase.NETWORK && !ended;
    }

    /** Takes the network protocols of another link of the bundle, as they are, and gives it its own. */
    public void adoptNetworks(PppLink former, long nowNs) {
        Networks own = networks;
        networks = former.networks;
        networks.moveTo(inside, inside);
        former.networks = own;
        own.moveTo(former.inside, former.inside);
        if (phase == Phase.NETWORK) {
            startNetworks(nowNs);
        } else {
            networks.lowerDown(nowNs);
        }
    }

    /** No other link takes the network protocols: they are down until this one is authenticated again. */
    public void lowerNetworks(long nowNs) {
        networks.lowerDown(nowNs);
    }

    private void startNetworks(long nowNs) {
        boolean limited = networks.isAnyWanted() && !networks.isAnyOpen();
        phaseDeadlineNs = limited ? networkDeadlineNs(nowNs) : Long.MAX_VALUE;
        networks.start(nowNs);
    }

    private long networkDeadlineNs(long nowNs) {
        return settings.networkTimeoutNs() > 0 ? nowNs + settings.networkTimeoutNs() : Long.MAX_VALUE;
    }

    /** That the peer has closed the only one that was open is no reason to end the link (RFC 1661 section 3.7). */
    private void onNetworksFinished(ControlProtocol last, Event cause, long nowNs) {
        if (networks.mayComeBack()) {
            phaseDeadlineNs = Math.min(phaseDeadlineNs, networkDeadlineNs(nowNs));
        } else {
            inside.fail(networks.failure(cause), "no network protocol left", last.protocol(), nowNs);
        }
    }

    /** Challenges the peer again (CHAP only; nothing happens with PAP or while not authenticated). */
    public void reauthenticate(long nowNs) {
        armReauthentication(nowNs);
        if (!ended && phase == Phase.NETWORK && authentication instanceof ServerAuthentication server) {
            server.challengeAgain(nowNs);
        }
    }

    private void armReauthentication(long nowNs) {
        boolean periodic = settings.reauthenticationIntervalNs() > 0 && phase == Phase.NETWORK;
        reauthenticationNs = periodic ? nowNs + settings.reauthenticationIntervalNs() : Long.MAX_VALUE;
    }

    /** Returns an owned frame to send to the peer, or null. */
    public @Nullable ByteBuf pollTransmit() {
        ArrayDeque<ByteBuf> queue = transmitQueue;
        if (queue == null) {
            return null;
        }
        ByteBuf frame = queue.poll();
        transmitQueue = queue.isEmpty() ? null : queue;
        return frame;
    }

    /** Returns the next event, or null. */
    public @Nullable LinkEvent pollEvent() {
        ArrayDeque<LinkEvent> queue = eventQueue;
        if (queue == null) {
            return null;
        }
        LinkEvent event = queue.poll();
        eventQueue = queue.isEmpty() ? null : queue;
        return event;
    }

    /** Returns the largest information field that the peer takes, octets. */
    public int peerMru() {
        return lcpPolicy.peerMru();
    }

    /** Returns whether data frames to the peer carry FF03. */
    public boolean sendWithAddressControl() {
        return lcpPolicy.sendWithAddressControl();
    }

    /** Returns whether data frames to the peer may have a one octet protocol field. */
    public boolean sendProtocolCompressed() {
        return lcpPolicy.sendProtocolCompressed();
    }

    /** Returns the link's state for operators. */
    public LinkView view() {
        boolean open = lcp.state() == State.OPENED;
        return new LinkView(phase.label(), lcp.state().label(), networks.ipcpState().label(),
                networks.ipv6cpState().label(), open ? Optional.of(lcpPolicy.agreement()) : Optional.empty());
    }

    /** Has no state of its own: made when it is needed, which is seldom. */
    private LcpExtras extras() {
        return new LcpExtras(lcp, lcpPolicy, networks, allocator, inside);
    }

    private void enter(Phase next, long nowNs) {
        phase = next;
        phaseDeadlineNs = switch (next) {
            case ESTABLISH -> nowNs + 2L * settings.maxConfigure() * settings.restartTimerNs();
            case AUTHENTICATE -> nowNs + settings.authenticationTimeoutNs();
            case DEAD, NETWORK, TERMINATE -> Long.MAX_VALUE;
        };
    }

    private void setCause(DownCause.Reason reason, String text, int protocol) {
        if (downCause == null) {
            downCause = new DownCause(reason, text, protocol);
        }
    }

    /** The one way out: networks first, then Down, then nothing. */
    private void finish(long nowNs) {
        if (ended) {
            return;
        }
        if (!bundled) {
            networks.lowerDown(nowNs);
        }
        authentication.reset();
        keepAlive.stop();
        ended = true;
        phase = Phase.DEAD;
        setCause(DownCause.Reason.LCP_FAILED, "LCP finished", PppProtocol.LCP);
        DownCause cause = downCause;
        if (cause != null) {
            inside.emit(new LinkEvent.Down(cause));
        }
    }

    private void onLcpOpened(long nowNs) {
        keepAlive.start(nowNs, random.nextDouble());
        inside.emit(new LinkEvent.LcpOpened(lcpPolicy.agreement()));
        enter(Phase.AUTHENTICATE, nowNs);
        ProxyTakeover proxied = takeover;
        takeover = null;
        Optional<AuthenticationProtocol> demanded = lcpPolicy.agreement().authentication();
        if (demanded.isEmpty()) {
            inside.authenticated(nowNs);
        } else if (authentication instanceof ServerAuthentication server) {
            beginServer(server, demanded.get(), proxied, nowNs);
        } else if (authentication instanceof ClientAuthentication client) {
            client.begin(demanded.get(), nowNs);
        }
    }

    private static void beginServer(ServerAuthentication server, AuthenticationProtocol demanded,
            @Nullable ProxyTakeover proxied, long nowNs) {
        Optional<Credentials> given = proxied == null ? Optional.empty() : proxied.credentials();
        if (given.isPresent()) {
            server.beginWith(demanded, given.get());
        } else {
            server.begin(demanded, nowNs);
        }
    }

    private void onLcpClosed(Event cause, long nowNs) {
        if (cause == Event.RTR) {
            setCause(DownCause.Reason.PEER_CLOSE, "LCP Terminate-Request received", PppProtocol.LCP);
        }
        keepAlive.stop();
        authentication.reset();
        if (bundled) {
            inside.emit(new LinkEvent.LcpClosed());
        } else {
            networks.lowerDown(nowNs);
        }
        reauthenticationNs = Long.MAX_VALUE;
        enter(downCause == null ? Phase.ESTABLISH : Phase.TERMINATE, nowNs);
    }

    private void onLcpFinished(Event cause, long nowNs) {
        if (cause == Event.TO_MINUS && downCause == null) {
            DownCause.Reason reason = lcp.peerHeard() ? DownCause.Reason.LCP_TIMEOUT : DownCause.Reason.LCP_SILENT;
            setCause(reason, lcp.peerHeard() ? "LCP timed out" : "the peer never spoke LCP", PppProtocol.LCP);
        }
        finish(nowNs);
    }

    /** What the parts of the link call. */
    private final class Inside implements LinkContext, ProtocolHost {
        @Override
        public LinkSettings settings() { return settings; }

        @Override
        public RandomGenerator random() { return random; }

        @Override
        public ByteBuf newFrame(int protocol, int packetBytes) {
            boolean addressControl = protocol == PppProtocol.LCP || lcpPolicy.sendWithAddressControl();
            ByteBuf frame = allocator.buffer(packetBytes + 4);
            FrameHeader.write(frame, protocol, addressControl);
            return frame;
        }

        @Override
        public void transmit(ByteBuf frame) {
            if (settings.recordNegotiation() && NegotiationText.isWorthRecording(frame)) {
                emit(NegotiationText.excerpt(frame, LinkEvent.Direction.SENT));
            }
            ArrayDeque<ByteBuf> queue = transmitQueue == null ? new ArrayDeque<>(4) : transmitQueue;
            queue.add(frame);
            transmitQueue = queue;
        }

        @Override
        public void emit(LinkEvent event) {
            ArrayDeque<LinkEvent> queue = eventQueue == null ? new ArrayDeque<>(4) : eventQueue;
            queue.add(event);
            eventQueue = queue;
        }

        @Override
        public int peerMru() { return lcpPolicy.peerMru(); }

        @Override
        public int peerPacketBytes() { return lcpPolicy.peerPacketBytes(); }

        @Override
        public boolean isAuthenticatingBy(int protocol) { return authentication.isOutstanding(protocol); }

        @Override
        public void authenticated(long nowNs) {
            enter(Phase.NETWORK, nowNs);
            emit(new LinkEvent.Authenticated());
            armReauthentication(nowNs);
            if (networks.areKnown()) {
                startNetworks(nowNs);
            }
        }

        @Override
        public void fail(DownCause.Reason reason, String text, int protocol, long nowNs) {
            if (!ended) {
                setCause(reason, text, protocol);
                enter(Phase.TERMINATE, nowNs);
                lcp.close(text, nowNs);
            }
        }

        @Override
        public void layerUp(ControlProtocol protocol, long nowNs) {
            if (protocol == lcp) {
                onLcpOpened(nowNs);
            } else {
                phaseDeadlineNs = Long.MAX_VALUE;
                networks.onUp(protocol);
            }
        }

        @Override
        public void layerDown(ControlProtocol protocol, Event cause, long nowNs) {
            if (protocol == lcp) {
                onLcpClosed(cause, nowNs);
            } else {
                networks.onDown(protocol, cause);
            }
            restless |= cause != Event.DOWN && cause != Event.CLOSE && cause != Event.RTR
                    && !admitsRenegotiation(nowNs);
        }

        private boolean admitsRenegotiation(long nowNs) {
            RenegotiationLimit limit = renegotiations == null ? new RenegotiationLimit() : renegotiations;
            renegotiations = limit;
            return limit.admits(nowNs);
        }

        @Override
        public void layerFinished(ControlProtocol protocol, Event cause, long nowNs) {
            if (protocol == lcp) {
                onLcpFinished(cause, nowNs);
            } else if (phase == Phase.NETWORK && networks.areAllFinished()) {
                onNetworksFinished(protocol, cause, nowNs);
            }
        }

        @Override
        public void negotiationFailed(ControlProtocol protocol, long nowNs) {
            if (protocol == lcp) {
                fail(lcpPolicy.failure(), "LCP options do not converge", PppProtocol.LCP, nowNs);
            } else {
                networks.giveUp(protocol, nowNs);
            }
        }

        @Override
        public boolean onOtherCode(ControlProtocol protocol, int code, int id, ByteBuf packet, long nowNs) {
            if (protocol != lcp || code < Code.PROTOCOL_REJECT || code > Code.TIME_REMAINING) {
                return false;
            }
            if (lcp.state() == State.OPENED && packet.readableBytes() >= Code.HEADER_BYTES + 2) {
                extras().onPacket(code, id,
                        packet.slice(Code.HEADER_BYTES, packet.readableBytes() - Code.HEADER_BYTES), nowNs);
            }
            return true;
        }
    }
}

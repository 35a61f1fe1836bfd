package org.lnsd.daemon.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.SessionIdentity;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.message.LinkInfo;
import org.lnsd.ppp.link.LcpAgreement;
import org.lnsd.ppp.link.LcpOptions;
import org.lnsd.ppp.link.LinkAdvice;
import org.lnsd.ppp.link.PppLink;

/**
 * The plain data of a session, apart from the machines that use it, so that it can be written down and taken up again.
 * Written by the control loop; a reader on another thread may see a value that is a moment old.
 */
final class SessionRecord {

    /** Raised with each change of what is written down. */
    static final int VERSION = 1;
    /** The ACCM where none was negotiated (RFC 1662 section 7.1). */
    private static final int EVERY_CHARACTER = 0xFFFF_FFFF;

    private final String id;
    private final long offeredNs;
    private final int localSessionId;
    private final String circuit;
    /** What the LAC offered; of use until {@link #identity} says the same. */
    private volatile @Nullable IncomingCall call;
    private int peerSessionId;
    private boolean callUp = true;
    private boolean asynchronous;
    private boolean lacHasWishes;
    private long connectedNs;
    private long openedNs;
    private long transmitBps;
    private long receiveBps;
    private int mru;
    private int linkMtu;
    private String authentication = "";
    private @Nullable SessionIdentity identity;

    SessionRecord(String id, long offeredNs, int localSessionId, IncomingCall call) {
        this.id = id;
        this.offeredNs = offeredNs;
        this.localSessionId = localSessionId;
        this.call = call;
        this.peerSessionId = call.peerSessionId();
        this.circuit = call.accessLine().agentCircuitId().map(Octets::toText).or(call::subAddress).orElse("");
        this.connectedNs = offeredNs;
    }

    String id() { return id; }

    int localSessionId() { return localSessionId; }

    int peerSessionId() { return peerSessionId; }

    /** Returns what the LAC offered, {@code null} once {@link #identity} says it. */
    @Nullable
    IncomingCall call() { return call; }

    /** Returns the Calling Number, empty where there is none. */
    String callingNumber() {
        IncomingCall offered = call;
        return offered == null ? identity().callingNumber() : offered.callingNumber().orElse("");
    }

    /** Returns the Called Number, empty where there is none. */
    String calledNumber() {
        IncomingCall offered = call;
        return offered == null ? identity().calledNumber() : offered.calledNumber().orElse("");
    }

    /** Returns the Call Serial Number. */
    long callSerialNumber() {
        IncomingCall offered = call;
        return offered == null ? identity().callSerialNumber() : offered.callSerialNumber();
    }

    /** Returns the Agent Circuit Id of the access line, or else the Sub-Address; empty where there is none. */
    String circuit() {
        return circuit;
    }

    void connected(int newPeerSessionId, CallControl control, PppLink link, CallParameters parameters, long nowNs) {
        lacHasWishes = parameters.lcpWantOptions().isPresent() || parameters.lcpAllowOptions().isPresent();
        peerSessionId = newPeerSessionId == 0 ? peerSessionId : newPeerSessionId;
        connectedNs = nowNs;
        asynchronous = (parameters.framingType() & CallParameters.ASYNCHRONOUS) != 0;
        speeds(parameters.txConnectSpeedBps(),
                parameters.rxConnectSpeedBps().orElse(parameters.txConnectSpeedBps()));
        advise(link, parameters);
        askForSpeeds(control, parameters, nowNs);
    }

    /** Asks a LAC that can tell the speeds later, and has told none, for them (RFC 5515 section 4.2). */
    private void askForSpeeds(CallControl control, CallParameters parameters, long nowNs) {
        IncomingCall offered = call;
        if (transmitBps == 0 && (parameters.speedUpdates() || offered != null && offered.speedUpdates())) {
            control.requestSpeeds(localSessionId, nowNs);
        }
    }

    /**
     * Tells a LAC that writes to an asynchronous line which characters to escape (RFC 2661 section 6.14), and one that has
     * wishes about LCP what has become of them (RFC 3437 section 2.3), unless LCP is what it has negotiated itself.
     */
    void tellLinkInfo(CallControl control, PppLink link, LcpAgreement agreement, long nowNs) {
        boolean tellsOptions = lacHasWishes && !agreement.proxied();
        if (tellsOptions || (asynchronous && agreement.peerAccm() != EVERY_CHARACTER)) {
            LcpOptions options = link.lcpOptions();
            LinkInfo accm = LinkInfo.of(agreement.peerAccm(), options.localAccm());
            control.setLinkInfo(localSessionId, tellsOptions
                    ? accm.withOptions(Octets.of(options.sent()), Octets.of(options.received()))
                    : accm, nowNs);
        }
    }

    /** Passes the LAC's wishes on to LCP (RFC 3437 section 2). */
    private void advise(PppLink link, CallParameters parameters) {
        if (lacHasWishes) {
            link.advise(LinkAdvice.of(parameters.lcpWantOptions().orElse(Octets.EMPTY).toByteArray(),
                    parameters.lcpAllowOptions().orElse(Octets.EMPTY).toByteArray()));
        }
    }

    void speeds(long newTransmitBps, long newReceiveBps) {
        transmitBps = newTransmitBps;
        receiveBps = newReceiveBps;
        SessionIdentity known = identity;
        if (known != null) {
            identity = known.atSpeeds(newTransmitBps, newReceiveBps);
        }
    }

    long transmitBps() { return transmitBps; }

    long receiveBps() { return receiveBps; }

    /** Returns whether the LAC still holds the call, so that it must be told of the end. */
    boolean isCallUp() {
        return callUp;
    }

    void callOver() { callUp = false; }

    /** Whether IP has flowed. */
    boolean wasUp() { return openedNs != 0; }

    /** Notes that IP flows; only the first time counts. */
    void opened(long nowNs) {
        if (openedNs == 0) {
            openedNs = nowNs;
        }
    }

    /** Returns from the ICRQ to the first packet that may flow. */
    long setupMilliseconds() {
        return Duration.ofNanos(openedNs - offeredNs).toMillis();
    }

    long uptimeSeconds(long nowNs) { return Math.max(0, Duration.ofNanos(nowNs - connectedNs).toSeconds()); }

    int mru() { return mru; }

    /** Returns the largest packet that both ends take, octets (RFC 4861 section 6.2.1). */
    int linkMtu() {
        return linkMtu;
    }

    void agreed(LcpAgreement agreement) {
        boolean bundled = agreement.localMrru() > 0;
        mru = agreement.peerMru();
        linkMtu = bundled
                ? Math.min(agreement.localMrru(), agreement.peerMrru())
                : Math.min(agreement.localMru(), agreement.peerMru());
    }

    String authentication() { return authentication; }

    void authentication(String protocol) { authentication = protocol; }

    /** The call is connected: from now on this tells who called. */
    void identity(SessionIdentity value) {
        identity = value;
        call = null; // after the identity: others read both
    }

    /** The session is a link of the bundle with that name (RFC 2866 section 5.11). */
    void ofBundle(String bundleId) {
        identity = identity().inBundle(bundleId);
    }

    /** Returns who the session is to RADIUS; only after the call is connected. */
    SessionIdentity identity() {
        SessionIdentity known = identity;
        if (known == null) {
            throw new IllegalStateException("session " + id + " is not connected");
        }
        return known;
    }
}

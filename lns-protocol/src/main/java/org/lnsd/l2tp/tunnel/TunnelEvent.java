package org.lnsd.l2tp.tunnel;

import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.message.LinkInfo;
import org.lnsd.l2tp.message.OutgoingCall;
import org.lnsd.l2tp.message.PeerInfo;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.WanErrorCounts;

/** What a {@link Tunnel} tells its shell. */
public sealed interface TunnelEvent {
    /** The control connection is established. */
    record Opened(PeerInfo peer) implements TunnelEvent {}

    /** LNS: an ICRQ came; answer with {@code acceptCall} or {@code hangUp}, now or later. */
    record CallOffered(int localSessionId, IncomingCall call) implements TunnelEvent {}

    /** LAC: an OCRQ came; answer with {@code answerOutgoingCall} or {@code hangUp}. */
    record OutgoingCallRequested(int localSessionId, OutgoingCall call) implements TunnelEvent {}

    /** LAC: ICRP came, now {@code connectIncomingCall}. LNS: OCRP came, the LAC dials. */
    record CallAnswered(int localSessionId, int peerSessionId) implements TunnelEvent {}

    /** The call is established: data may flow. */
    record CallConnected(int localSessionId, int peerSessionId, CallParameters parameters) implements TunnelEvent {}

    /** The call is over; exactly once for each call that was offered, requested or placed. */
    record CallEnded(int localSessionId, CallDisconnect cause, boolean byPeer) implements TunnelEvent {}

    /** LAC: the LNS told what PPP agreed to (SLI). */
    record LinkInfoSet(int localSessionId, LinkInfo info) implements TunnelEvent {}

    /** LNS: the LAC told its WAN errors (WEN). */
    record WanErrors(int localSessionId, WanErrorCounts counts) implements TunnelEvent {}

    /** The speed of an established call changed (CSUN, RFC 5515). */
    record SpeedsChanged(int localSessionId, long transmitBps, long receiveBps) implements TunnelEvent {}

    /** LAC: the LNS asks for the present speed of a call (CSURQ, RFC 5515); answer with {@code notifySpeeds}. */
    record SpeedsRequested(int localSessionId) implements TunnelEvent {}

    /** The control connection is over, after all {@link CallEnded}; the tunnel takes no more calls. */
    record Closed(ResultCode result, ErrorCode error, String message, CloseOrigin origin) implements TunnelEvent {}

    /** The retention after {@link Closed} is over: the shell forgets the tunnel and its id. */
    record Released() implements TunnelEvent {}
}

package org.lnsd.l2tp.tunnel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.avp.AvpFault;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.Cdn;
import org.lnsd.l2tp.message.ConnectSpeed;
import org.lnsd.l2tp.message.ControlMessage;
import org.lnsd.l2tp.message.Csun;
import org.lnsd.l2tp.message.Csurq;
import org.lnsd.l2tp.message.Decoded;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.Iccn;
import org.lnsd.l2tp.message.Icrp;
import org.lnsd.l2tp.message.Icrq;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.message.MessageType;
import org.lnsd.l2tp.message.Occn;
import org.lnsd.l2tp.message.Ocrp;
import org.lnsd.l2tp.message.Ocrq;
import org.lnsd.l2tp.message.OutgoingCall;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.Sli;
import org.lnsd.l2tp.message.Wen;

import io.netty.util.collection.IntObjectHashMap;

/** The calls of one tunnel: RFC 2661 sections 7.4 (incoming) and 7.5 (outgoing), both ends of each. */
final class Calls {
    /** The tunnel, as its calls see it. */
    interface Host {
        void send(ControlMessage message, int peerSessionId);

        void emit(TunnelEvent event);
    }

    private final Host host;
    private final TunnelSettings settings;
    private final SessionIds sessionIds;
    private static final float FULL = 0.75f;

    private final IntObjectHashMap<Call> byLocalId = new IntObjectHashMap<>(2, FULL);
    private final IntObjectHashMap<Call> byPeerId = new IntObjectHashMap<>(2, FULL);
    private final Deque<Call> establishing = new ArrayDeque<>(2);

    Calls(Host host, TunnelSettings settings, RandomGenerator random) {
        this.host = host;
        this.settings = settings;
        sessionIds = new SessionIds(random, settings.sessionQuarantineNs());
    }

    int count() { return byLocalId.size(); }

    // Commands of the shell

    int place(CallRole role, long nowNs) {
        Call call = create(role, CallState.WAIT_REPLY, nowNs);
        return call == null ? -1 : call.localSessionId;
    }

    int placeIncoming(IncomingCall request, long nowNs) {
        int localSessionId = place(CallRole.LAC_INCOMING, nowNs);
        if (localSessionId > 0) {
            host.send(new Icrq(request.withPeerSessionId(localSessionId)), 0);
        }
        return localSessionId;
    }

    int placeOutgoing(OutgoingCall request, long nowNs) {
        int localSessionId = place(CallRole.LNS_OUTGOING, nowNs);
        if (localSessionId > 0) {
            host.send(new Ocrq(request.withPeerSessionId(localSessionId)), 0);
        }
        return localSessionId;
    }

    void accept(int localSessionId) {
        Call call = in(localSessionId, CallRole.LNS_INCOMING, CallState.WAIT_DECISION);
        if (call != null) {
            host.send(new Icrp(localSessionId), call.peerSessionId);
            transition(call, CallState.WAIT_CONNECT);
        }
    }

    void connectIncoming(int localSessionId, CallParameters parameters) {
        Call call = in(localSessionId, CallRole.LAC_INCOMING, CallState.ANSWERED);
        if (call != null) {
            host.send(new Iccn(parameters), call.peerSessionId);
            establish(call, parameters);
        }
    }

    void answerOutgoing(int localSessionId) {
        Call call = in(localSessionId, CallRole.LAC_OUTGOING, CallState.WAIT_DECISION);
        if (call != null) {
            host.send(new Ocrp(localSessionId, OptionalLong.empty()), call.peerSessionId);
            transition(call, CallState.WAIT_CS_ANSWER);
        }
    }

    void connectOutgoing(int localSessionId, CallParameters parameters) {
        Call call = in(localSessionId, CallRole.LAC_OUTGOING, CallState.WAIT_CS_ANSWER);
        if (call != null) {
            host.send(new Occn(parameters), call.peerSessionId);
            establish(call, parameters);
        }
    }

    void hangUp(int localSessionId, CallDisconnect cause, long nowNs) {
        Call call = byLocalId.get(localSessionId);
        if (call != null) {
            disconnect(call, cause, nowNs);
        }
    }

    /** Sends a message that changes no state, in an established call only. */
    void inform(int localSessionId, ControlMessage message) {
        Call call = established(localSessionId);
        if (call != null) {
            host.send(message, call.peerSessionId);
        }
    }

    void notifySpeeds(int localSessionId, long transmitBps, long receiveBps) {
        Call call = established(localSessionId);
        if (call != null) {
            host.send(new Csun(List.of(new ConnectSpeed(call.peerSessionId, transmitBps, receiveBps))), 0);
        }
    }

    void requestSpeeds(int localSessionId) {
        Call call = established(localSessionId);
        if (call != null) {
            host.send(new Csurq(List.of(new ConnectSpeed(call.peerSessionId, 0, 0))), 0);
        }
    }

    private @Nullable Call established(int localSessionId) {
        Call call = byLocalId.get(localSessionId);
        return call != null && call.state == CallState.ESTABLISHED ? call : null;
    }

    private @Nullable Call in(int localSessionId, CallRole role, CallState state) {
        Call call = byLocalId.get(localSessionId);
        return call != null && call.role == role && call.state == state ? call : null;
    }

    // Messages of the peer

    void onMessage(ControlMessage message, int localSessionId, long nowNs) {
        switch (message) {
            case Icrq icrq when localSessionId == 0 -> onIncomingRequest(icrq.call(), nowNs);
            case Ocrq ocrq when localSessionId == 0 -> onOutgoingRequest(ocrq.call(), nowNs);
            case Csun csun -> onSpeeds(csun);
            case Csurq csurq -> onSpeedRequest(csurq);
            default -> onCallMessage(message, localSessionId, nowNs);
        }
    }

    private void onIncomingRequest(IncomingCall request, long nowNs) {
        Call call = offer(CallRole.LNS_INCOMING, request.peerSessionId(), nowNs);
        if (call != null) {
            host.emit(new TunnelEvent.CallOffered(call.localSessionId, request));
        }
    }

    private void onOutgoingRequest(OutgoingCall request, long nowNs) {
        Call call = offer(CallRole.LAC_OUTGOING, request.peerSessionId(), nowNs);
        if (call != null) {
            host.emit(new TunnelEvent.OutgoingCallRequested(call.localSessionId, request));
        }
    }

    private @Nullable Call offer(CallRole role, int peerSessionId, long nowNs) {
        if (byPeerId.containsKey(peerSessionId)) {
            refuse(peerSessionId, CallDisconnect.error(ErrorCode.BAD_SESSION_ID,
                    "session id " + peerSessionId + " is in use"), nowNs);
            return null;
        }
        Call call = create(role, CallState.WAIT_DECISION, nowNs);
        if (call == null) {
            refuse(peerSessionId, CallDisconnect.of(ResultCode.CDN_NO_FACILITIES_TEMPORARY, "no free session"), nowNs);
            return null;
        }
        call.peerSessionId = peerSessionId;
        byPeerId.put(peerSessionId, call);
        return call;
    }

    /** CDN to a request that becomes no call; its own session id is used once. */
    void refuse(int peerSessionId, CallDisconnect cause, long nowNs) {
        int localSessionId = sessionIds.take(nowNs);
        if (localSessionId > 0) {
            sessionIds.release(localSessionId, nowNs);
        }
        host.send(new Cdn(Math.max(localSessionId, 0), cause), unlessInUse(peerSessionId));
    }

    /** A CDN to an id that a call has already would end that call at the peer (RFC 2661 section 6.12). */
    private int unlessInUse(int peerSessionId) {
        return byPeerId.containsKey(peerSessionId) ? 0 : peerSessionId;
    }

    private void onSpeeds(Csun csun) {
        for (ConnectSpeed speed : csun.speeds()) {
            if (established(speed.remoteSessionId()) != null) {
                host.emit(new TunnelEvent.SpeedsChanged(speed.remoteSessionId(), speed.txConnectSpeedBps(),
                        speed.rxConnectSpeedBps()));
            }
        }
    }

    private void onSpeedRequest(Csurq csurq) {
        for (ConnectSpeed session : csurq.sessions()) {
            if (established(session.remoteSessionId()) != null) {
                host.emit(new TunnelEvent.SpeedsRequested(session.remoteSessionId()));
            }
        }
    }

    private void onCallMessage(ControlMessage message, int localSessionId, long nowNs) {
        Call call = find(message, localSessionId);
        if (call == null) {
            onStray(message, localSessionId, nowNs);
            return;
        }
        switch (CallTable.react(call.role, call.state, message.type())) {
            case ANSWER -> answer(call, message, nowNs);
            case CONNECT -> establish(call, parametersOf(message));
            case INFORM -> inform(call, message);
            case CLEAN_UP -> end(call, message instanceof Cdn cdn
                    ? cdn.cause()
                    : CallDisconnect.of(ResultCode.CDN_GENERAL_ERROR, message.type() + " in " + call.state.rfcName()),
                    true, nowNs);
            case DISCONNECT -> disconnect(call, CallDisconnect.error(ErrorCode.BAD_SESSION_ID,
                    message.type() + " in state " + call.state.rfcName()), nowNs);
            case IGNORE -> {}
        }
    }

    /** A CDN may come with session id 0 when its sender never learnt ours (RFC 2661 section 4.4.4). */
    private @Nullable Call find(ControlMessage message, int localSessionId) {
        if (localSessionId != 0) {
            return byLocalId.get(localSessionId);
        }
        return message instanceof Cdn cdn ? byPeerId.get(cdn.assignedSessionId()) : null;
    }

    /** Messages that cross with a CDN of ours are no news; others learn that there is no such session. */
    private void onStray(ControlMessage message, int localSessionId, long nowNs) {
        if (localSessionId != 0 && sessionIds.isRecent(localSessionId, nowNs)) {
            return;
        }
        int peerSessionId = switch (message) {
            case Icrp icrp -> icrp.assignedSessionId();
            case Ocrp ocrp -> ocrp.assignedSessionId();
            case Icrq icrq -> icrq.call().peerSessionId();
            case Ocrq ocrq -> ocrq.call().peerSessionId();
            case Iccn _,Occn _ -> 0;
            default -> -1;
        };
        if (peerSessionId >= 0) {
            host.send(new Cdn(localSessionId, CallDisconnect.error(ErrorCode.BAD_SESSION_ID,
                    message.type() + " for unknown session " + localSessionId)), unlessInUse(peerSessionId));
        }
    }

    private void answer(Call call, ControlMessage message, long nowNs) {
        int peerSessionId = switch (message) {
            case Icrp icrp -> icrp.assignedSessionId();
            case Ocrp ocrp -> ocrp.assignedSessionId();
            default -> 0;
        };
        if (byPeerId.containsKey(peerSessionId)) {
            disconnect(call, CallDisconnect.error(ErrorCode.BAD_SESSION_ID,
                    "session id " + peerSessionId + " is in use"), nowNs);
            return;
        }
        call.peerSessionId = peerSessionId;
        byPeerId.put(peerSessionId, call);
        transition(call, call.role == CallRole.LAC_INCOMING ? CallState.ANSWERED : CallState.WAIT_CONNECT);
        host.emit(new TunnelEvent.CallAnswered(call.localSessionId, peerSessionId));
    }

    private static CallParameters parametersOf(ControlMessage message) {
        return switch (message) {
            case Iccn iccn -> iccn.parameters();
            case Occn occn -> occn.parameters();
            default -> throw new IllegalStateException(message.type() + " connects no call");
        };
    }

    private void inform(Call call, ControlMessage message) {
        if (message instanceof Wen wen) {
            host.emit(new TunnelEvent.WanErrors(call.localSessionId, wen.counts()));
        } else if (message instanceof Sli sli) {
            host.emit(new TunnelEvent.LinkInfoSet(call.localSessionId, sli.info()));
        }
    }

    /** A session message with a fault ends its session and nothing else (RFC 2661 sections 4.1 and 7.1). */
    void onFaulty(Decoded.Faulty faulty, int localSessionId, long nowNs) {
        AvpFault fault = faulty.fault();
        CallDisconnect cause = CallDisconnect.error(new ErrorCode(fault.kind().errorCode()), fault.text());
        Call call = localSessionId != 0
                ? byLocalId.get(localSessionId)
                : faulty.type() == MessageType.CDN ? byPeerId.get(faulty.assignedId()) : null;
        boolean request = faulty.type() == MessageType.ICRQ || faulty.type() == MessageType.OCRQ;
        if (call != null && faulty.type() == MessageType.CDN) {
            end(call, cause, true, nowNs);
        } else if (call != null) {
            if (call.peerSessionId == 0) {
                learnPeerId(call, faulty.assignedId());
            }
            disconnect(call, cause, nowNs);
        } else if (request && localSessionId == 0) {
            refuse(faulty.assignedId(), cause, nowNs);
        }
    }

    private void learnPeerId(Call call, int peerSessionId) {
        if (peerSessionId != 0 && byPeerId.putIfAbsent(peerSessionId, call) == null) {
            call.peerSessionId = peerSessionId;
        }
    }

    /** A message whose type cannot be read, for a session. */
    void onUnreadable(AvpFault fault, int localSessionId, long nowNs) {
        hangUp(localSessionId, CallDisconnect.error(new ErrorCode(fault.kind().errorCode()), fault.text()), nowNs);
    }

    // Life and end

    private @Nullable Call create(CallRole role, CallState state, long nowNs) {
        int localSessionId = byLocalId.size() < settings.maximumSessions() ? sessionIds.take(nowNs) : -1;
        if (localSessionId < 0) {
            return null;
        }
        Call call = new Call(localSessionId, role, state, nowNs + settings.callTimeoutNs());
        byLocalId.put(localSessionId, call);
        establishing.add(call);
        return call;
    }

    private void establish(Call call, CallParameters parameters) {
        transition(call, CallState.ESTABLISHED);
        host.emit(new TunnelEvent.CallConnected(call.localSessionId, call.peerSessionId, parameters));
    }

    private void disconnect(Call call, CallDisconnect cause, long nowNs) {
        host.send(new Cdn(call.localSessionId, cause), call.peerSessionId);
        end(call, cause, false, nowNs);
    }

    private void end(Call call, CallDisconnect cause, boolean byPeer, long nowNs) {
        transition(call, CallState.ENDED);
        byLocalId.remove(call.localSessionId);
        if (call.peerSessionId != 0) {
            byPeerId.remove(call.peerSessionId);
        }
        sessionIds.release(call.localSessionId, nowNs);
        host.emit(new TunnelEvent.CallEnded(call.localSessionId, cause, byPeer));
    }

    /** The control connection is over, and with it every call, without CDN (RFC 2661 section 5.7). */
    void endAll(CallDisconnect cause, boolean byPeer, long nowNs) {
        for (Call call : new ArrayList<>(byLocalId.values())) {
            end(call, cause, byPeer, nowNs);
        }
        establishing.clear();
    }

    /** The only writer of a call's state. */
    private static void transition(Call call, CallState to) {
        call.state = to;
    }

    void onTimeout(long nowNs) {
        Call first = firstEstablishing();
        while (first != null && first.deadlineNs <= nowNs) {
            disconnect(first, CallDisconnect.of(ResultCode.CDN_TIMEOUT, "not established in time"), nowNs);
            first = firstEstablishing();
        }
    }

    long nextDeadlineNs() {
        Call first = firstEstablishing();
        return first == null ? Long.MAX_VALUE : first.deadlineNs;
    }

    private @Nullable Call firstEstablishing() {
        Call first = establishing.peek();
        while (first != null && !first.isEstablishing()) {
            establishing.remove();
            first = establishing.peek();
        }
        return first;
    }
}

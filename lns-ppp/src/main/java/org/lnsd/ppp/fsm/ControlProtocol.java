package org.lnsd.ppp.fsm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.option.Option;
import org.lnsd.ppp.option.Options;

/**
 * LCP or an NCP: the automaton with the packets of RFC 1661 sections 5.1 to 5.6 around it. Retransmissions keep their
 * identifier until a valid reply came (section 5.1), and a reply counts once.
 */
public final class ControlProtocol extends Automaton {
    /** Our first request is taken for lost if it is this old when the peer is first heard. */
    private static final long EARLY_REPEAT_NS = 20_000_000L;
    /** How long a peer may repeat a request that was acknowledged. */
    private static final long REPETITION_NS = 10_000_000_000L;
    /** Naks and Rejects of ours that the peer may send before we give up, in units of Max-Failure. */
    private static final int PATIENCE = 4;

    private final int protocol;
    private final OptionPolicy policy;
    private final ProtocolHost host;
    private final boolean repeatEarly;

    private int requestId;
    private int otherId;
    private boolean requestAnswered = true;
    private boolean peerHeard;
    private int naksSent;
    private int refusalsReceived;
    private long requestSentNs;
    private long ackedFingerprint = -1;
    private long ackedNs;
    private String terminateReason = "";

    /** Only set during onPacket. */
    private @Nullable Handled handled;

    /** The packet being handled, and the answer to it if it is a Configure-Request. */
    private record Handled(int id, ByteBuf packet, @Nullable RequestJudge answer) {}

    /**
     * Makes a protocol in state Initial.
     *
     * @param repeatEarly the very first request is repeated when the peer's first packet shows that it was not listening
     */
    public ControlProtocol(int protocol, OptionPolicy policy, Automaton.Limits limits, int firstId, boolean repeatEarly,
            ProtocolHost host) {
        super(limits);
        this.protocol = protocol;
        this.policy = policy;
        this.repeatEarly = repeatEarly;
        this.host = host;
        requestId = firstId & 0xff;
    }

    /** The lower layer is up. */
    public void lowerUp(long nowNs) {
        if (state() == State.INITIAL || state() == State.STARTING) {
            beginAnew();
            handle(Event.UP, nowNs);
        }
    }

    /** The lower layer is down. */
    public void lowerDown(long nowNs) { handle(Event.DOWN, nowNs); }

    /** Administrative open. */
    public void open(long nowNs) { handle(Event.OPEN, nowNs); }

    /** Administrative close; the reason goes into the Terminate-Request. */
    public void close(String reason, long nowNs) {
        terminateReason = reason;
        handle(Event.CLOSE, nowNs);
    }

    /** The peer does not know this protocol (RXJ-). */
    public void rejectedByPeer(long nowNs) {
        handle(Event.RXJ_MINUS, nowNs);
    }

    /** A link that another system brought up: Opened without an exchange, tlu follows at once. */
    public void assumeOpened(long nowNs) {
        peerHeard = true;
        assumeOpened();
        host.layerUp(this, nowNs);
    }

    /** From Opened: our wishes changed, so negotiate again as if the peer had asked for it. */
    public void renegotiate(long nowNs) {
        handle(Event.DOWN, nowNs);
        lowerUp(nowNs);
    }

    /** Returns the PPP protocol number. */
    public int protocol() { return protocol; }

    /** Returns whether any valid packet of this protocol ever came. */
    public boolean peerHeard() { return peerHeard; }

    /** Borrows a packet, reader index at its code. What is no packet is dropped; octets beyond the length are padding. */
    public void onPacket(ByteBuf packet, long nowNs) {
        if (state().compareTo(State.CLOSED) < 0 || packet.readableBytes() < Code.HEADER_BYTES) {
            return;
        }
        int start = packet.readerIndex();
        int code = packet.getUnsignedByte(start);
        int id = packet.getUnsignedByte(start + 1);
        int length = packet.getUnsignedShort(start + 2);
        if (length < Code.HEADER_BYTES || length > packet.readableBytes()) {
            return;
        }
        ByteBuf whole = packet.slice(start, length);
        handled = new Handled(id, whole, null);
        dispatch(code, id, whole, nowNs);
        handled = null;
    }

    private void dispatch(int code, int id, ByteBuf whole, long nowNs) {
        ByteBuf body = whole.slice(Code.HEADER_BYTES, whole.readableBytes() - Code.HEADER_BYTES);
        switch (code) {
            case Code.CONFIGURE_REQUEST -> onConfigureRequest(id, whole, body, nowNs);
            case Code.CONFIGURE_ACK, Code.CONFIGURE_NAK, Code.CONFIGURE_REJECT -> onReply(code, id, body, nowNs);
            case Code.TERMINATE_REQUEST -> heard(Event.RTR, nowNs);
            case Code.TERMINATE_ACK -> heard(Event.RTA, nowNs);
            case Code.CODE_REJECT -> onCodeReject(body, nowNs);
            default -> {
                if (!host.onOtherCode(this, code, id, whole, nowNs)) {
                    heard(Event.RUC, nowNs);
                }
            }
        }
    }

    private void heard(Event event, long nowNs) {
        peerHeard = true;
        handle(event, nowNs);
    }

    private void onConfigureRequest(int id, ByteBuf whole, ByteBuf body, long nowNs) {
        Optional<List<Option>> options = Options.decode(body);
        if (options.isEmpty()) {
            return;
        }
        RequestJudge judged = RequestJudge.judge(policy, options.get(), naksSent < limits().maxFailure());
        repeatIfPeerWasDeaf(nowNs);
        handled = new Handled(id, whole, judged);
        if (isRepetition(id, judged, nowNs)) {
            send(Code.CONFIGURE_ACK, id, judged.options());
            return;
        }
        heard(judged.good() ? Event.RCR_PLUS : Event.RCR_MINUS, nowNs);
    }

    /**
     * A request with the identifier and options of the one just acknowledged comes from a peer that did not get the Ack,
     * else its identifier would have changed (section 5.1): the Ack is repeated and the link stays up. Anything else in
     * Opened begins the negotiation anew.
     */
    private boolean isRepetition(int id, RequestJudge judged, long nowNs) {
        return state() == State.OPENED && judged.good() && fingerprint(id, judged) == ackedFingerprint
                && nowNs - ackedNs < REPETITION_NS;
    }

    private static long fingerprint(int id, RequestJudge judged) {
        return (long) id << Integer.SIZE | (judged.options().hashCode() & 0xffff_ffffL);
    }

    /**
     * A peer that starts after us (xl2tpd starts pppd 0.1 s after ICCN) never saw our first request; without this the link
     * would wait for the Restart timer. The repetition goes out before our answer, so that a peer that did see the first
     * one is not yet Opened when the second arrives.
     */
    private void repeatIfPeerWasDeaf(long nowNs) {
        if (repeatEarly && !peerHeard && state() == State.REQ_SENT
                && nowNs - requestSentNs >= EARLY_REPEAT_NS) {
            expireEarly(nowNs);
        }
    }

    private void onReply(int code, int id, ByteBuf body, long nowNs) {
        if (id != requestId || requestAnswered) {
            return;
        }
        Optional<List<Option>> decoded = Options.decode(body);
        if (decoded.isEmpty()) {
            return;
        }
        List<Option> options = decoded.get();
        if (code == Code.CONFIGURE_ACK) {
            if (options.equals(policy.request())) {
                requestAnswered = true;
                heard(Event.RCA, nowNs);
            }
        } else if (!options.isEmpty()) {
            onRefusal(code, options, nowNs);
        }
    }

    private void onRefusal(int code, List<Option> options, long nowNs) {
        boolean reject = code == Code.CONFIGURE_REJECT;
        if (reject && !Options.isOrderedSubset(options, policy.request())) {
            return;
        }
        requestAnswered = true;
        refusalsReceived++;
        boolean goOn = reject ? policy.onReject(options) : policy.onNak(options);
        if (goOn && refusalsReceived <= PATIENCE * limits().maxFailure()) {
            heard(Event.RCN, nowNs);
        } else {
            peerHeard = true;
            host.negotiationFailed(this, nowNs);
        }
    }

    /** Rejecting one of the codes 1 to 7 ends the protocol, the others can be done without (RFC 1661 section 5.6). */
    private void onCodeReject(ByteBuf body, long nowNs) {
        if (!body.isReadable()) {
            return;
        }
        int rejected = body.getUnsignedByte(body.readerIndex());
        boolean needed = rejected >= Code.CONFIGURE_REQUEST && rejected <= Code.CODE_REJECT;
        heard(needed ? Event.RXJ_MINUS : Event.RXJ_PLUS, nowNs);
    }

    private void beginAnew() {
        policy.begin();
        naksSent = 0;
        refusalsReceived = 0;
        requestAnswered = true;
    }

    @Override
    void perform(Action action, Event cause, long nowNs) {
        switch (action) {
            case SCR -> sendConfigureRequest(cause, nowNs);
            case SCA -> sendConfigureAck(nowNs);
            case SCN -> sendRefusal();
            case STR -> sendTerminate(Code.TERMINATE_REQUEST, nextOtherId(), terminateReason);
            case STA -> sendTerminate(Code.TERMINATE_ACK, answeredId(), "");
            case SCJ -> sendCodeReject();
            case TLU -> host.layerUp(this, nowNs);
            case TLD -> {
                host.layerDown(this, cause, nowNs);
                beginAnew();
            }
            case TLF -> host.layerFinished(this, cause, nowNs);
            case TLS, IRC, ZRC, SER -> {}
        }
    }

    private void sendConfigureRequest(Event cause, long nowNs) {
        if (cause != Event.TO_PLUS || requestAnswered) {
            requestId = requestId + 1 & 0xff;
            requestAnswered = false;
        }
        requestSentNs = nowNs;
        send(Code.CONFIGURE_REQUEST, requestId, policy.request());
    }

    private void sendConfigureAck(long nowNs) {
        RequestJudge judged = judged();
        if (judged != null) {
            naksSent = 0;
            ackedFingerprint = fingerprint(answeredId(), judged);
            ackedNs = nowNs;
            policy.peerAgreed(judged.options());
            send(Code.CONFIGURE_ACK, answeredId(), judged.options());
        }
    }

    private void sendRefusal() {
        RequestJudge judged = judged();
        if (judged != null) {
            naksSent += judged.code() == Code.CONFIGURE_NAK ? 1 : 0;
            send(judged.code(), answeredId(), fitting(judged.options()));
        }
    }

    /** A refusal that would not fit the peer's MRU names what fits; the rest is refused next time. */
    private List<Option> fitting(List<Option> options) {
        int count = options.size();
        while (count > 1
                && Code.HEADER_BYTES + Options.encodedBytes(options.subList(0, count)) > host.peerMru()) {
            count--;
        }
        return options.subList(0, count);
    }

    private void send(int code, int id, List<Option> options) {
        int length = Code.HEADER_BYTES + Options.encodedBytes(options);
        ByteBuf frame = startPacket(code, id, length);
        Options.encode(options, frame);
        host.transmit(frame);
    }

    private void sendTerminate(int code, int id, String reason) {
        ByteBuf text = Unpooled.wrappedBuffer(reason.getBytes(StandardCharsets.UTF_8));
        sendWithBody(code, id, text);
    }

    private void sendCodeReject() {
        if (handled != null) {
            sendWithBody(Code.CODE_REJECT, nextOtherId(), handled.packet());
        }
    }

    private int answeredId() { return handled == null ? 0 : handled.id(); }

    private @Nullable RequestJudge judged() { return handled == null ? null : handled.answer(); }

    /** Returns a fresh identifier for packets that are no Configure-Request; those have their own sequence. */
    public int nextOtherId() {
        otherId = otherId + 1 & 0xff;
        return otherId;
    }

    /** Sends a packet whose body is cut to what the peer takes (RFC 1661 sections 5.6, 5.7). Borrows the body. */
    public void sendWithBody(int code, int id, ByteBuf body) {
        int bodyBytes = Math.min(body.readableBytes(), host.peerMru() - Code.HEADER_BYTES);
        ByteBuf frame = startPacket(code, id, Code.HEADER_BYTES + bodyBytes);
        frame.writeBytes(body, body.readerIndex(), bodyBytes);
        host.transmit(frame);
    }

    private ByteBuf startPacket(int code, int id, int length) {
        ByteBuf frame = host.newFrame(protocol, length);
        frame.writeByte(code);
        frame.writeByte(id);
        frame.writeShort(length);
        return frame;
    }
}

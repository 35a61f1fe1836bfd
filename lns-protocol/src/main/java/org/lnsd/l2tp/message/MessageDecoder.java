package org.lnsd.l2tp.message;

import static org.lnsd.l2tp.avp.AvpType.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.avp.AvpFault;
import org.lnsd.l2tp.avp.AvpHiding;
import org.lnsd.l2tp.avp.AvpTable;
import org.lnsd.l2tp.avp.AvpType;
import org.lnsd.l2tp.avp.Octets;

import io.netty.buffer.ByteBuf;

/** From the AVPs of a control message to its record, checking the rules of RFC 2661 sections 4 and 6 before any state is touched. */
public final class MessageDecoder {
    private final @Nullable AvpHiding hiding;
    private final boolean strict;

    /**
     * A decoder that holds no state between messages.
     *
     * @param hiding reveals hidden AVPs, null: there is no secret
     * @param strict a known AVP that its message must not carry counts as unknown
     */
    public MessageDecoder(@Nullable AvpHiding hiding, boolean strict) {
        this.hiding = hiding;
        this.strict = strict;
    }

    /** Decodes the AVPs at {@code index}; borrows {@code message}, never throws for what it contains. */
    public Decoded decode(ByteBuf message, int index, int lengthBytes) {
        AvpTable avps = AvpTable.read(message, index, lengthBytes, hiding);
        if (avps.messageType() == AvpTable.NO_MESSAGE_TYPE) {
            AvpFault fault = avps.fault();
            return new Decoded.Unreadable(
                    fault != null ? fault : new AvpFault(AvpFault.Kind.MISSING, "no Message Type"));
        }
        MessageType type = MessageType.of(avps.messageType());
        if (type == null) {
            return new Decoded.Unknown(avps.messageType(), avps.messageTypeMandatory());
        }
        checkRules(type, avps);
        checkValues(type, avps);
        AvpFault fault = avps.fault();
        return fault == null
                ? new Decoded.Message(build(type, avps))
                : new Decoded.Faulty(type, assignedId(type, avps), fault);
    }

    private static int assignedId(MessageType type, AvpTable avps) {
        return avps.get16(type.scope() == MessageType.Scope.SESSION ? ASSIGNED_SESSION_ID : ASSIGNED_TUNNEL_ID);
    }

    private void checkRules(MessageType type, AvpTable avps) {
        MessageRules rules = MessageRules.of(type);
        for (AvpType required : rules.requiredShared()) {
            if (!avps.has(required)) {
                avps.fail(AvpFault.Kind.MISSING, type + " without AVP " + required.number() + " ("
                        + required.rfcName() + ")");
            }
        }
        if (strict) {
            for (AvpType present : AvpType.values()) {
                if (avps.has(present) && present.mandatory() && !rules.allows(present)) {
                    avps.fail(AvpFault.Kind.UNKNOWN_MANDATORY, type + " must not carry AVP " + present.number()
                            + " (" + present.rfcName() + ")");
                }
            }
        }
    }

    private static void checkValues(MessageType type, AvpTable avps) {
        requireNonZero(type, avps, ASSIGNED_TUNNEL_ID, MessageType.Scope.CONNECTION);
        requireNonZero(type, avps, RECEIVE_WINDOW_SIZE, MessageType.Scope.CONNECTION);
        requireSpeed(avps, TX_CONNECT_SPEED);
        if (type != MessageType.CDN) {
            requireNonZero(type, avps, ASSIGNED_SESSION_ID, MessageType.Scope.SESSION);
        }
    }

    private static void requireSpeed(AvpTable avps, AvpType avp) {
        if (!CallParametersCodec.isSpeed(avps, avp)) {
            avps.fail(AvpFault.Kind.BAD_LENGTH, "wrong length " + avps.length(avp) + " of AVP " + avp.number() + " ("
                    + avp.rfcName() + ")");
        }
    }

    private static void requireNonZero(MessageType type, AvpTable avps, AvpType avp, MessageType.Scope scope) {
        if (type.scope() == scope && avps.has(avp) && avps.get16(avp) == 0) {
            avps.fail(AvpFault.Kind.BAD_VALUE, avp.rfcName() + " 0 in " + type);
        }
    }

    private static ControlMessage build(MessageType type, AvpTable avps) {
        return switch (type) {
            case SCCRQ -> new Sccrq(peerInfo(avps), avps.get16(ASSIGNED_TUNNEL_ID), avps.optionalOctets(TIE_BREAKER),
                    avps.optionalOctets(CHALLENGE));
            case SCCRP -> new Sccrp(peerInfo(avps), avps.get16(ASSIGNED_TUNNEL_ID), avps.optionalOctets(CHALLENGE),
                    avps.optionalOctets(CHALLENGE_RESPONSE));
            case SCCCN -> new Scccn(avps.optionalOctets(CHALLENGE_RESPONSE));
            case STOPCCN -> new StopCcn(avps.get16(ASSIGNED_TUNNEL_ID), resultCode(avps), errorCode(avps),
                    avps.text(RESULT_CODE, 4));
            case HELLO -> new Hello();
            case OCRQ -> new Ocrq(outgoingCall(avps));
            case OCRP -> new Ocrp(avps.get16(ASSIGNED_SESSION_ID), avps.optional32(PHYSICAL_CHANNEL_ID));
            case OCCN -> new Occn(CallParametersCodec.read(avps));
            case ICRQ -> new Icrq(incomingCall(avps));
            case ICRP -> new Icrp(avps.get16(ASSIGNED_SESSION_ID));
            case ICCN -> new Iccn(CallParametersCodec.read(avps));
            case CDN -> new Cdn(avps.get16(ASSIGNED_SESSION_ID), disconnect(avps));
            case WEN -> new Wen(new WanErrorCounts(avps.get32(CALL_ERRORS, 2), avps.get32(CALL_ERRORS, 6),
                    avps.get32(CALL_ERRORS, 10), avps.get32(CALL_ERRORS, 14), avps.get32(CALL_ERRORS, 18),
                    avps.get32(CALL_ERRORS, 22)));
            case SLI -> new Sli(new LinkInfo((int) avps.get32(ACCM, 2), (int) avps.get32(ACCM, 6),
                    avps.optionalOctets(LNS_LAST_SENT_LCP_CONFREQ),
                    avps.optionalOctets(LNS_LAST_RECEIVED_LCP_CONFREQ)));
            case CSUN -> new Csun(speeds(avps));
            case CSURQ -> new Csurq(speeds(avps));
        };
    }

    private static PeerInfo peerInfo(AvpTable avps) {
        int window = avps.has(RECEIVE_WINDOW_SIZE) ? avps.get16(RECEIVE_WINDOW_SIZE) : PeerInfo.DEFAULT_RECEIVE_WINDOW;
        return new PeerInfo(avps.text(HOST_NAME, 0), avps.optionalText(VENDOR_NAME), avps.get16(PROTOCOL_VERSION),
                avps.optional16(FIRMWARE_REVISION), (int) avps.get32(FRAMING_CAPABILITIES, 0),
                avps.optionalInt(BEARER_CAPABILITIES), window, avps.vendorAvps());
    }

    private static IncomingCall incomingCall(AvpTable avps) {
        return new IncomingCall(avps.get16(ASSIGNED_SESSION_ID), avps.get32(CALL_SERIAL_NUMBER, 0),
                avps.optionalInt(BEARER_TYPE), avps.optionalText(CALLED_NUMBER), avps.optionalText(CALLING_NUMBER),
                avps.optionalText(SUB_ADDRESS), avps.optional32(PHYSICAL_CHANNEL_ID),
                avps.has(CONNECT_SPEED_UPDATE_ENABLE), AccessLineCodec.read(avps.vendorAvps()), avps.vendorAvps());
    }

    private static OutgoingCall outgoingCall(AvpTable avps) {
        return new OutgoingCall(avps.get16(ASSIGNED_SESSION_ID), avps.get32(CALL_SERIAL_NUMBER, 0),
                avps.get32(MINIMUM_BPS, 0), avps.get32(MAXIMUM_BPS, 0), (int) avps.get32(BEARER_TYPE, 0),
                (int) avps.get32(FRAMING_TYPE, 0), avps.text(CALLED_NUMBER, 0), avps.optionalText(SUB_ADDRESS),
                avps.vendorAvps());
    }

    private static CallDisconnect disconnect(AvpTable avps) {
        Optional<PppDisconnectCause> ppp = avps.has(PPP_DISCONNECT_CAUSE)
                ? Optional.of(new PppDisconnectCause(avps.get16(PPP_DISCONNECT_CAUSE),
                        avps.get16(PPP_DISCONNECT_CAUSE, 2), avps.get8(PPP_DISCONNECT_CAUSE, 4),
                        avps.text(PPP_DISCONNECT_CAUSE, 5)))
                : Optional.empty();
        Optional<Q931Cause> q931 = avps.has(Q931_CAUSE_CODE)
                ? Optional.of(new Q931Cause(avps.get16(Q931_CAUSE_CODE), avps.get8(Q931_CAUSE_CODE, 2),
                        avps.text(Q931_CAUSE_CODE, 3)))
                : Optional.empty();
        return new CallDisconnect(resultCode(avps), errorCode(avps), avps.text(RESULT_CODE, 4), ppp, q931);
    }

    private static ResultCode resultCode(AvpTable avps) { return new ResultCode(avps.get16(RESULT_CODE)); }

    private static ErrorCode errorCode(AvpTable avps) {
        return avps.length(RESULT_CODE) < 4 ? ErrorCode.NONE : new ErrorCode(avps.get16(RESULT_CODE, 2));
    }

    private static List<ConnectSpeed> speeds(AvpTable avps) {
        List<ConnectSpeed> speeds = new ArrayList<>(avps.speeds().size());
        for (Octets value : avps.speeds()) {
            speeds.add(new ConnectSpeed((value.at(2) << 8) | value.at(3), unsigned32(value, 4), unsigned32(value, 8)));
        }
        return speeds;
    }

    private static long unsigned32(Octets value, int index) {
        return ((long) value.at(index) << 24) | (value.at(index + 1) << 16) | (value.at(index + 2) << 8)
                | value.at(index + 3);
    }
}

package org.lnsd.l2tp.message;

import static org.lnsd.l2tp.avp.AvpType.*;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import org.lnsd.l2tp.avp.AvpType;

/** Which AVPs a message must and may carry: RFC 2661 section 6, RFC 3145, RFC 3437, RFC 5515. */
public final class MessageRules {
    private static final Map<MessageType, MessageRules> TABLE = new EnumMap<>(MessageType.class);

    static {
        rule(MessageType.SCCRQ, must(PROTOCOL_VERSION, HOST_NAME, FRAMING_CAPABILITIES, ASSIGNED_TUNNEL_ID),
                may(BEARER_CAPABILITIES, RECEIVE_WINDOW_SIZE, CHALLENGE, TIE_BREAKER, FIRMWARE_REVISION,
                        VENDOR_NAME));
        rule(MessageType.SCCRP, must(PROTOCOL_VERSION, FRAMING_CAPABILITIES, HOST_NAME, ASSIGNED_TUNNEL_ID),
                may(BEARER_CAPABILITIES, FIRMWARE_REVISION, VENDOR_NAME, RECEIVE_WINDOW_SIZE, CHALLENGE,
                        CHALLENGE_RESPONSE));
        rule(MessageType.SCCCN, must(), may(CHALLENGE_RESPONSE));
        rule(MessageType.STOPCCN, must(ASSIGNED_TUNNEL_ID, RESULT_CODE), may());
        rule(MessageType.HELLO, must(), may());
        rule(MessageType.ICRQ, must(ASSIGNED_SESSION_ID, CALL_SERIAL_NUMBER),
                may(BEARER_TYPE, PHYSICAL_CHANNEL_ID, CALLING_NUMBER, CALLED_NUMBER, SUB_ADDRESS,
                        CONNECT_SPEED_UPDATE_ENABLE));
        rule(MessageType.ICRP, must(ASSIGNED_SESSION_ID), may());
        rule(MessageType.ICCN, must(TX_CONNECT_SPEED, FRAMING_TYPE),
                may(INITIAL_RECEIVED_LCP_CONFREQ, LAST_SENT_LCP_CONFREQ, LAST_RECEIVED_LCP_CONFREQ, PROXY_AUTHEN_TYPE,
                        PROXY_AUTHEN_NAME, PROXY_AUTHEN_CHALLENGE, PROXY_AUTHEN_ID, PROXY_AUTHEN_RESPONSE,
                        PRIVATE_GROUP_ID, RX_CONNECT_SPEED, SEQUENCING_REQUIRED, LCP_WANT_OPTIONS,
                        LCP_ALLOW_OPTIONS, CONNECT_SPEED_UPDATE_ENABLE));
        rule(MessageType.OCRQ, must(ASSIGNED_SESSION_ID, CALL_SERIAL_NUMBER, MINIMUM_BPS, MAXIMUM_BPS, BEARER_TYPE,
                FRAMING_TYPE, CALLED_NUMBER), may(SUB_ADDRESS));
        rule(MessageType.OCRP, must(ASSIGNED_SESSION_ID), may(PHYSICAL_CHANNEL_ID));
        rule(MessageType.OCCN, must(TX_CONNECT_SPEED, FRAMING_TYPE), may(RX_CONNECT_SPEED, SEQUENCING_REQUIRED,
                LCP_WANT_OPTIONS, LCP_ALLOW_OPTIONS, CONNECT_SPEED_UPDATE_ENABLE));
        rule(MessageType.CDN, must(RESULT_CODE, ASSIGNED_SESSION_ID), may(Q931_CAUSE_CODE, PPP_DISCONNECT_CAUSE));
        rule(MessageType.WEN, must(CALL_ERRORS), may());
        rule(MessageType.SLI, must(ACCM), may(LNS_LAST_SENT_LCP_CONFREQ, LNS_LAST_RECEIVED_LCP_CONFREQ));
        rule(MessageType.CSUN, must(), may(CONNECT_SPEED_UPDATE));
        rule(MessageType.CSURQ, must(), may(CONNECT_SPEED_UPDATE));
    }

    private final AvpType[] required;
    private final Set<AvpType> allowed;

    private MessageRules(AvpType[] required, AvpType[] optional) {
        this.required = required;
        allowed = EnumSet.of(MESSAGE_TYPE, RANDOM_VECTOR);
        allowed.addAll(Set.of(required));
        allowed.addAll(Set.of(optional));
    }

    private static void rule(MessageType type, AvpType[] required, AvpType[] optional) {
        TABLE.put(type, new MessageRules(required, optional));
    }

    private static AvpType[] must(AvpType... types) { return types; }

    private static AvpType[] may(AvpType... types) { return types; }

    /** The rules of a message; every type has some. */
    public static MessageRules of(MessageType type) {
        MessageRules rules = TABLE.get(type);
        if (rules == null) {
            throw new IllegalStateException("no rules for " + type);
        }
        return rules;
    }

    /** Whether the message may carry the AVP. */
    public boolean allows(AvpType type) { return allowed.contains(type); }

    /** The AVPs that the message must carry besides its Message Type, a copy. */
    public AvpType[] required() {
        return required.clone();
    }

    AvpType[] requiredShared() { return required; }
}

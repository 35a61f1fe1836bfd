package org.lnsd.l2tp.tunnel;

import java.util.EnumMap;
import java.util.Map;

import org.lnsd.l2tp.message.MessageType;

/** The tables of RFC 2661 sections 7.4.1, 7.4.2, 7.5.1 and 7.5.2 for received messages of an existing call. */
final class CallTable {
    private static final Map<CallRole, Map<CallState, Map<MessageType, CallReaction>>> TABLE = new EnumMap<>(
            CallRole.class);

    static {
        // 7.4.1 LAC incoming call
        row(CallRole.LAC_INCOMING, CallState.WAIT_REPLY, MessageType.ICRP, CallReaction.ANSWER);
        row(CallRole.LAC_INCOMING, CallState.WAIT_REPLY, MessageType.ICCN, CallReaction.CLEAN_UP);
        row(CallRole.LAC_INCOMING, CallState.ESTABLISHED, MessageType.SLI, CallReaction.INFORM);
        // 7.4.2 LNS incoming call
        row(CallRole.LNS_INCOMING, CallState.WAIT_CONNECT, MessageType.ICCN, CallReaction.CONNECT);
        row(CallRole.LNS_INCOMING, CallState.ESTABLISHED, MessageType.WEN, CallReaction.INFORM);
        // 7.5.1 LAC outgoing call
        row(CallRole.LAC_OUTGOING, CallState.ESTABLISHED, MessageType.SLI, CallReaction.INFORM);
        // 7.5.2 LNS outgoing call
        row(CallRole.LNS_OUTGOING, CallState.WAIT_REPLY, MessageType.OCRP, CallReaction.ANSWER);
        row(CallRole.LNS_OUTGOING, CallState.WAIT_CONNECT, MessageType.OCCN, CallReaction.CONNECT);
        row(CallRole.LNS_OUTGOING, CallState.ESTABLISHED, MessageType.WEN, CallReaction.INFORM);
        // All four tables: CDN cleans up in every state; a state violation is answered with CDN.
        for (CallRole role : CallRole.values()) {
            for (CallState state : CallState.values()) {
                row(role, state, MessageType.CDN, CallReaction.CLEAN_UP);
                row(role, state, MessageType.WEN, CallReaction.IGNORE);
                row(role, state, MessageType.SLI, CallReaction.IGNORE);
                for (MessageType type : MessageType.values()) {
                    row(role, state, type, type.scope() == MessageType.Scope.SESSION
                            ? CallReaction.DISCONNECT
                            : CallReaction.IGNORE);
                }
            }
        }
    }

    private CallTable() {}

    /** The first row for a cell stands. */
    private static void row(CallRole role, CallState state, MessageType received, CallReaction reaction) {
        TABLE.computeIfAbsent(role, _ -> new EnumMap<>(CallState.class))
                .computeIfAbsent(state, _ -> new EnumMap<>(MessageType.class)).putIfAbsent(received, reaction);
    }

    static CallReaction react(CallRole role, CallState state, MessageType received) {
        return TABLE.getOrDefault(role, Map.of()).getOrDefault(state, Map.of()).getOrDefault(received,
                CallReaction.IGNORE);
    }
}

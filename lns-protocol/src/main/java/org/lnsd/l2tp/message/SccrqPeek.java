package org.lnsd.l2tp.message;

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.avp.AvpHiding;
import org.lnsd.l2tp.avp.AvpTable;
import org.lnsd.l2tp.avp.AvpType;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.avp.Secret;
import org.lnsd.l2tp.header.ControlHeader;

import io.netty.buffer.ByteBuf;

/** What the shell must know of a datagram with tunnel id 0 before there is a tunnel for it. */
public sealed interface SccrqPeek {
    /**
     * A SCCRQ; all else in it is checked by the tunnel that takes it.
     *
     * @param hostName empty when it is missing
     * @param assignedTunnelId the peer's, 0 when it is missing or hidden
     */
    record Request(String hostName, int assignedTunnelId, int ns, Optional<Octets> tieBreaker) implements SccrqPeek {}

    /**
     * A StopCCN of a peer that has learnt no tunnel id of ours yet (RFC 2661 section 4.4.3, Assigned Tunnel ID).
     *
     * @param assignedTunnelId the peer's, the one of its SCCRQ
     */
    record Farewell(int assignedTunnelId) implements SccrqPeek {}

    /** Neither of them, or not readable: to be dropped and counted. */
    record Unusable(String reason) implements SccrqPeek {}

    /** Borrows {@code datagram}; {@code secret} lets it read a hidden Assigned Tunnel ID. Never throws for what it contains. */
    static SccrqPeek of(ByteBuf datagram, Optional<Secret> secret) {
        ControlHeader header = ControlHeader.read(datagram);
        if (header.isMalformed() || header.tunnelId() != 0 || header.sessionId() != 0) {
            return new Unusable(header.isMalformed() ? "malformed header" : "unknown tunnel");
        }
        @Nullable
        AvpHiding hiding = secret.isPresent() ? new AvpHiding(secret.get()) : null;
        AvpTable avps = AvpTable.read(datagram, datagram.readerIndex() + ControlHeader.LENGTH_BYTES,
                header.lengthBytes() - ControlHeader.LENGTH_BYTES, hiding);
        if (avps.messageType() == MessageType.STOPCCN.number()) {
            return new Farewell(avps.get16(AvpType.ASSIGNED_TUNNEL_ID));
        }
        if (avps.messageType() != MessageType.SCCRQ.number()) {
            return new Unusable("no SCCRQ");
        }
        return new Request(avps.text(AvpType.HOST_NAME, 0), avps.get16(AvpType.ASSIGNED_TUNNEL_ID), header.ns(),
                avps.optionalOctets(AvpType.TIE_BREAKER));
    }
}

package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.lnsd.ppp.frame.PppProtocol;
import org.lnsd.ppp.fsm.Code;
import org.lnsd.ppp.fsm.ControlProtocol;

/** What LCP does beside negotiating: codes 8 to 13 (RFC 1661 sections 5.7 to 5.9, RFC 1570 section 2), while it is open. */
final class LcpExtras {
    private static final int MAGIC_BYTES = 4;
    private static final int PROTOCOL_BYTES = 2;

    private final ControlProtocol lcp;
    private final LcpPolicy policy;
    private final Networks networks;
    private final ByteBufAllocator allocator;
    private final LinkContext link;

    LcpExtras(ControlProtocol lcp, LcpPolicy policy, Networks networks, ByteBufAllocator allocator, LinkContext link) {
        this.lcp = lcp;
        this.policy = policy;
        this.networks = networks;
        this.allocator = allocator;
        this.link = link;
    }

    /** Borrows the body of a packet, two octets at least. */
    void onPacket(int code, int id, ByteBuf body, long nowNs) {
        switch (code) {
            case Code.PROTOCOL_REJECT -> onProtocolReject(body.getUnsignedShort(0), nowNs);
            case Code.ECHO_REQUEST -> onEchoRequest(id, body, nowNs);
            default -> {
                // Echo-Reply, Discard-Request, Identification and Time-Remaining ask for nothing.
            }
        }
    }

    /** Borrows the packet; its copy is cut to the peer's MRU (RFC 1661 section 5.7). */
    void rejectProtocol(int protocol, ByteBuf packet) {
        int copied = Math.min(packet.readableBytes(), policy.peerMru() - Code.HEADER_BYTES - PROTOCOL_BYTES);
        ByteBuf body = allocator.buffer(PROTOCOL_BYTES + copied);
        try {
            body.writeShort(protocol);
            body.writeBytes(packet, packet.readerIndex(), copied);
            lcp.sendWithBody(Code.PROTOCOL_REJECT, lcp.nextOtherId(), body);
        } finally {
            body.release();
        }
    }

    void sendEcho() {
        ByteBuf body = allocator.buffer(MAGIC_BYTES);
        body.writeInt(policy.localMagic());
        lcp.sendWithBody(Code.ECHO_REQUEST, lcp.nextOtherId(), body);
        body.release();
    }

    private void onProtocolReject(int protocol, long nowNs) {
        switch (protocol) {
            case PppProtocol.LCP -> lcp.rejectedByPeer(nowNs);
            case PppProtocol.PAP, PppProtocol.CHAP -> {
                if (link.isAuthenticatingBy(protocol)) {
                    link.fail(DownCause.Reason.AUTHENTICATION_PROTOCOL_REFUSED, "the peer rejects authentication",
                            protocol, nowNs);
                }
            }
            default -> networks.rejectedByPeer(protocol, nowNs);
        }
    }

    /**
     * Answers with our magic number; our own in a request means a loop (RFC 1661 section 5.8). In a reply it does not: there are
     * modems that return requests as they came, and in a loop our requests come back, too.
     */
    private void onEchoRequest(int id, ByteBuf body, long nowNs) {
        if (body.readableBytes() < MAGIC_BYTES) {
            return;
        }
        if (isLooped(body)) {
            onLoop(nowNs);
            return;
        }
        int copied = Math.min(body.readableBytes(), policy.peerMru() - Code.HEADER_BYTES);
        ByteBuf reply = allocator.buffer(copied);
        reply.writeInt(policy.localMagic());
        reply.writeBytes(body, MAGIC_BYTES, copied - MAGIC_BYTES);
        lcp.sendWithBody(Code.ECHO_REPLY, id, reply);
        reply.release();
    }

    private boolean isLooped(ByteBuf body) { return policy.localMagic() != 0 && body.getInt(0) == policy.localMagic(); }

    private void onLoop(long nowNs) {
        policy.loopSeen();
        if (policy.looped()) {
            link.fail(DownCause.Reason.LOOPBACK, "our own magic number comes back", PppProtocol.LCP, nowNs);
        }
    }
}

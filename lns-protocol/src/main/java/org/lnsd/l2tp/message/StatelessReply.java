package org.lnsd.l2tp.message;

import org.lnsd.l2tp.header.ControlHeader;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Answers that need no tunnel. */
public final class StatelessReply {
    private StatelessReply() {}

    /**
     * Returns an owned StopCCN that refuses {@code request} without keeping state.
     *
     * @param localTunnelId for the Assigned Tunnel ID AVP, any but 0
     */
    public static ByteBuf stopCcn(ByteBufAllocator allocator, SccrqPeek.Request request, int localTunnelId,
            ResultCode result, ErrorCode error, String message) {
        byte[] stop = MessageEncoder.plain()
                .encode(new StopCcn(localTunnelId, result, error, message), request.assignedTunnelId(), 0);
        ByteBuf datagram = allocator.buffer(stop.length);
        datagram.writeBytes(stop);
        datagram.setShort(ControlHeader.NR_OFFSET, request.ns() + 1);
        return datagram;
    }
}

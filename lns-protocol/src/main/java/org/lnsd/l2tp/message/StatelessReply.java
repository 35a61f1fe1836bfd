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

    /**
     * Returns an owned StopCCN for a tunnel whose state was lost, in answer to a message of its peer, whose sequence numbers it continues.
     *
     * @param heard the header of that message, no acknowledgement
     */
    public static ByteBuf reset(ByteBufAllocator allocator, ControlHeader heard, int peerTunnelId, String message) {
        byte[] stop = MessageEncoder.plain()
                .encode(new StopCcn(heard.tunnelId(), ResultCode.STOP_CLEAR, ErrorCode.NONE, message), peerTunnelId, 0);
        ByteBuf datagram = allocator.buffer(stop.length);
        datagram.writeBytes(stop);
        datagram.setShort(ControlHeader.NS_OFFSET, heard.nr());
        datagram.setShort(ControlHeader.NR_OFFSET, heard.ns() + 1);
        return datagram;
    }
}

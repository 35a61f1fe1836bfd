package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import org.lnsd.daemon.forwarding.TunnelPath;
import org.lnsd.daemon.history.HistoryTrack;
import org.lnsd.daemon.trace.TracedPacket;

/** Hands a session's control frames to who traces it; borrows them. */
final class SessionTrace {

    private SessionTrace() {}

    static void received(HistoryTrack track, TunnelPath path, SessionRecord record, ByteBuf frame) {
        if (track.wantsPackets()) {
            track.packet(TracedPacket.frame(path.peer(), path.local(), path.localTunnelId(), record.localSessionId(),
                    frame));
        }
    }

    static void sent(HistoryTrack track, TunnelPath path, SessionRecord record, ByteBuf frame) {
        if (track.wantsPackets()) {
            track.packet(TracedPacket.frame(path.local(), path.peer(), path.peerTunnelId(), record.peerSessionId(),
                    frame));
        }
    }
}

package org.lnsd.daemon;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.forwarding.ControlSink;
import org.lnsd.daemon.session.SessionCounts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where control messages enter the control loop: closed until the tunnels are there, and the boundary that keeps a defect
 * from ending the loop.
 */
final class ControlEntrance implements ControlSink {

    private static final Logger LOG = LoggerFactory.getLogger(ControlEntrance.class);

    private final SessionCounts counts;
    private volatile @Nullable ControlSink inner;

    ControlEntrance(SessionCounts counts) { this.counts = counts; }

    void open(ControlSink sink) { inner = sink; }

    @Override
    public void onControl(InetSocketAddress local, InetSocketAddress peer, ByteBuf datagram, long nowNs) {
        ControlSink sink = inner;
        if (sink == null) {
            return;
        }
        try {
            sink.onControl(local, peer, datagram, nowNs);
        } catch (RuntimeException defect) {
            counts.count("bug");
            LOG.error("internal-error class=bug peer={}", peer, defect);
        }
    }
}

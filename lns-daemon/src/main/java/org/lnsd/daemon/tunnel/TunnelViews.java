package org.lnsd.daemon.tunnel;

import org.lnsd.daemon.control.TunnelView;
import org.lnsd.daemon.forwarding.TunnelPath;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.l2tp.message.PeerInfo;
import org.lnsd.l2tp.tunnel.TunnelStatistics;

/** Shows a tunnel to operators. Reads from any thread; a value may be a moment old. */
public final class TunnelViews {

    private TunnelViews() {}

    /** Returns the view of a tunnel. */
    public static TunnelView of(LnsTunnel tunnel, long nowNs) {
        TunnelPath path = tunnel.path();
        TunnelStatistics statistics = tunnel.statistics();
        return new TunnelView(path.localTunnelId(), path.peerTunnelId(), tunnel.peer().name(),
                IpAddresses.format(path.peer().getAddress()), path.peer().getPort(),
                IpAddresses.format(path.local()), LnsTunnel.printable(tunnel.peerHostName()),
                LnsTunnel.printable(tunnel.peerInfo().flatMap(PeerInfo::vendorName).orElse("")),
                tunnel.peerInfo().map(info -> info.firmwareRevision().orElse(0)).orElse(0), tunnel.state().rfcName(),
                tunnel.sessionCount(), statistics.ns(), statistics.nr(), statistics.peerWindow(),
                statistics.congestionWindow(), statistics.unacknowledged(), statistics.queued(),
                statistics.messagesSent(), statistics.messagesReceived(), statistics.retransmissions(),
                statistics.duplicates(), tunnel.uptimeSeconds(nowNs));
    }
}

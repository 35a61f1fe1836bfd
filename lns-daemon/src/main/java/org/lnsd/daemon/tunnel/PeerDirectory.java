package org.lnsd.daemon.tunnel;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.HiddenAvps;
import org.lnsd.daemon.config.L2tpConfig;
import org.lnsd.daemon.config.PeerConfig;
import org.lnsd.l2tp.avp.Secret;
import org.lnsd.l2tp.tunnel.TunnelSettings;

/** Who may open a tunnel, and how that tunnel behaves. Immutable; a reload makes a new one. */
public final class PeerDirectory {

    private static final int MACHINE_LIMIT = 65_000;
    private static final int EVERY_FRAMING = 3;
    /** RFC 2661 section 4.4.3: an LNS that places no outgoing calls says so. */
    private static final int NO_BEARER = 0;

    private final List<Entry> entries;

    private PeerDirectory(List<Entry> entries) { this.entries = List.copyOf(entries); }

    /**
     * A LAC.
     *
     * @param peer     its entry in the configuration
     * @param settings of its tunnels
     */
    public record Entry(PeerConfig peer, TunnelSettings settings) {}

    /** Derives the directory from a configuration. */
    public static PeerDirectory of(Configuration configuration) {
        List<Entry> entries = new ArrayList<>();
        for (PeerConfig peer : configuration.l2tp().peers()) {
            entries.add(new Entry(peer, settings(configuration, peer)));
        }
        return new PeerDirectory(entries);
    }

    /** Returns the first entry that fits, or null. */
    public @Nullable Entry find(InetAddress address, String hostName) {
        for (Entry entry : entries) {
            if (entry.peer().matches(address, hostName)) {
                return entry;
            }
        }
        return null;
    }

    private static TunnelSettings settings(Configuration configuration, PeerConfig peer) {
        L2tpConfig l2tp = configuration.l2tp();
        TunnelSettings.Builder settings = TunnelSettings.builder(configuration.node().name())
                .vendorName(l2tp.vendorName()).capabilities(EVERY_FRAMING, NO_BEARER)
                .receiveWindow(peer.tuning().receiveWindow().orElse(l2tp.receiveWindow()))
                .strict(peer.tuning().strict())
                .retransmit(l2tp.retransmit().initial().toNanos(), l2tp.retransmit().maximum().toNanos(),
                        l2tp.retransmit().attempts())
                .helloIntervalNs(l2tp.helloInterval().toNanos())
                .establishTimeoutNs(l2tp.setupTimeout().toNanos()).callTimeoutNs(l2tp.setupTimeout().toNanos())
                .hideAvps(peer.tuning().hiddenAvps().orElse(l2tp.hiddenAvps()) == HiddenAvps.SEND)
                .maximumSessions(MACHINE_LIMIT); // maximum-sessions is of all tunnels of the peer: judged where calls are offered
        peer.secret().ifPresent(secret -> settings.secret(Secret.of(secret.bytes()), peer.challenge()));
        return settings.build();
    }
}

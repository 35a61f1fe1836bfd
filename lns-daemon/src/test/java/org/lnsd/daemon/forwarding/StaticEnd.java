package org.lnsd.daemon.forwarding;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.shaping.Rate;

/**
 * One end of a static tunnel, for tests that run two of them in two namespaces: {@code lns|lac LOCAL PEER SESSIONS OFFLOADS}
 * with OFFLOADS five letters 1 or 0: gro, gso, vnet, tcp, udp. Sessions have the addresses 10.9.0.1 and on, 2001:db8:9:N::/64.
 */
public final class StaticEnd {
    private static final int SESSIONS_PER_TUNNEL = 64;

    private StaticEnd() {}

    /** Serves until its standard input ends, then prints its counters. */
    public static void main(String[] args) throws Exception {
        boolean lac = args[0].equals("lac");
        InetAddress local = IpAddresses.parse(args[1]).orElseThrow();
        InetAddress peer = IpAddresses.parse(args[2]).orElseThrow();
        int sessions = Integer.parseInt(args[3]);
        int threads = args.length > 5 ? Integer.parseInt(args[5]) : 1;
        int mtu = args.length > 6 ? Integer.parseInt(args[6]) : 1500;
        ForwardingSettings settings = new ForwardingSettings(List.of(new InetSocketAddress(local, 1701)), threads, 4096,
                new ForwardingSettings.Tun(lac ? "lac0" : "lns0", 1500, 0, 4096,
                        lac ? List.of() : List.of(IpPrefix.parse("10.8.0.1"), IpPrefix.parse("2001:db8:8::1"))),
                offloads(args[4]), ForwardingSettings.SOCKET_BUFFER_BYTES, lac);
        IoEventLoop control = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()).next();
        ForwardingEngine engine = ForwardingEngine.open(settings, control, (to, from, message, nowNs) -> {});
        System.err.println(engine.offloadsInUse());
        control.submit(() -> {
            for (int i = 1; i <= sessions; i++) {
                int tunnelId = 100 + i / SESSIONS_PER_TUNNEL;
                TunnelPath tunnel = new TunnelPath(new InetSocketAddress(local, 1701),
                        new InetSocketAddress(peer, 1701), tunnelId, tunnelId);
                int row = engine.install(new SessionPath(tunnel, i, i, mtu, i % 3 != 0, i % 5 == 0, i % 7 == 0),
                        (at, frame, nowNs) -> {});
                long rateBps = args.length > 7 ? Long.parseLong(args[7]) : 0;
                Rate rate = new Rate(rateBps, 0);
                engine.limit(row, new Limits(Optional.empty(), Optional.empty(), rate, rate));
                engine.attach(row,
                        new Networks(Optional.of(IpAddresses.ofInt(0x0A090000 + i)), List.of(),
                                List.of(IpPrefix.parse("2001:db8:9:" + Integer.toHexString(i) + "::/64")), !lac, true));
            }
        }).sync();
        System.out.println("ready");
        while (System.in.read() > 0) {
            ForwardingCounters now = engine.counters();
            System.err.println(now);
        }
        System.err.println(engine.counters());
        control.submit(engine::close).sync();
        System.exit(0);
    }

    private static ForwardingSettings.Offloads offloads(String letters) {
        Offload[] all = letters.chars().mapToObj(letter -> letter == '1' ? Offload.AUTO : Offload.OFF)
                .toArray(Offload[]::new);
        return new ForwardingSettings.Offloads(all[0], all[1], all[2], all[3], all[4]);
    }
}

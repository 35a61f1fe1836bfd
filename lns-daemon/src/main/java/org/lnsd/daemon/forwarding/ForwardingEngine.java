package org.lnsd.daemon.forwarding;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.shaping.PacketPool;
import org.lnsd.tun.LinuxException;
import org.lnsd.tun.TunDevice;
import org.lnsd.tun.UdpSocket;

/** The forwarding plane: the device, the tunnel sockets, the threads, and the tables they read. */
public final class ForwardingEngine implements Forwarding {
    private static final int MAXIMUM_TUNNELS = 65_536;
    private static final int SMALLEST_PATH_MTU = 1000;
    private static final int WAITING_PACKETS = 65_536;
    private static final long STOP_TIMEOUT_MS = 2_000;

    private final IoEventLoop controlLoop;
    private final Tables tables = new Tables();
    private final Rows rows;
    /** Whether this is the end of the subscribers, who get what is for their prefixes. */
    private final boolean lac;
    private final RowLimits limits;
    private final Device device;
    private final TunnelSockets sockets;
    private final MultiThreadIoEventLoopGroup group;
    private final List<ForwardingLoop> loops = new ArrayList<>();
    private final ControlPath controlPath;
    private final RowAllocator rowNumbers;
    private final RowAllocator tunnelNumbers;
    private final @Nullable SessionPath[] paths;
    private final @Nullable Networks[] networks;
    private final @Nullable PuntSink[] sinks;
    private final Map<Way, TunnelUse> tunnels = new HashMap<>();
    private boolean closed;

    // Tunnels between the same two ends share one number, so that datagrams of all of them can stand in one train.
    private record Way(InetSocketAddress local, InetSocketAddress peer) {
        static Way of(TunnelPath path) { return new Way(path.local(), path.peer()); }
    }

    private static final class TunnelUse {
        final int index;
        final int carriesBytes;
        int rows;

        TunnelUse(int index, int carriesBytes) {
            this.index = index;
            this.carriesBytes = carriesBytes;
        }
    }

    /**
     * Makes the device, binds the sockets, starts the threads.
     *
     * @param controlLoop an epoll loop; the sinks are called on it and all methods are to be called on it
     * @throws LinuxException           if the system refuses, naming device, port or privilege and what would mend it
     * @throws OffloadMissing if an offload is {@code ON} but the kernel does not have it
     */
    public static ForwardingEngine open(ForwardingSettings settings, IoEventLoop controlLoop, ControlSink controlSink) {
        int threads = settings.threads() > 0 ? settings.threads() : Runtime.getRuntime().availableProcessors();
        Device device = Device.open(settings, threads);
        try {
            TunnelSockets sockets = new TunnelSockets(settings.listen(), threads, settings.socketBufferBytes(),
                    settings.offloads().gro(),
                    settings.offloads().gso());
            return new ForwardingEngine(settings, threads, controlLoop, controlSink, device, sockets);
        } catch (LinuxException | OffloadMissing refused) {
            device.close();
            throw refused;
        }
    }

    private ForwardingEngine(ForwardingSettings settings, int threads, IoEventLoop controlLoop, ControlSink controlSink,
            Device device,
            TunnelSockets sockets) {
        this.controlLoop = controlLoop;
        this.device = device;
        TunDevice tun = device.tun();
        this.sockets = sockets;
        lac = settings.selectBySource();
        rows = new Rows(settings.maximumRows(), MAXIMUM_TUNNELS);
        limits = new RowLimits(settings.maximumRows(), new PacketPool(WAITING_PACKETS));
        paths = new SessionPath[settings.maximumRows()];
        networks = new Networks[settings.maximumRows()];
        sinks = new PuntSink[settings.maximumRows()];
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("forwarding", true),
                EpollIoHandler.newFactory());
        controlPath = new ControlPath(controlLoop, settings, tables, rows, sockets, tun,
                limits, threads, controlSink, sinks);
        for (int i = 0; i < threads; i++) {
            int index = i;
            loops.add(new ForwardingLoop(i, group.next(), settings, tables, rows, limits, sockets, tun,
                    () -> controlPath.drain(loops.get(index).ring()),
                    controlLoop));
        }
        rowNumbers = new RowAllocator(settings.maximumRows(), this::clearRow, this::afterAllLoops);
        tunnelNumbers = new RowAllocator(MAXIMUM_TUNNELS, number -> {}, this::afterAllLoops);
        loops.forEach(ForwardingLoop::start);
        device.readers(loops);
        controlPath.start();
    }

    /** Runs a task on the control loop once every forwarding loop has had its turn. Any thread. */
    public void afterAllLoops(Runnable then) {
        Runnable arrived = RowAllocator.countdown(loops.size(), () -> controlLoop.execute(then));
        loops.forEach(loop -> loop.loop().execute(arrived));
    }

    private void clearRow(int row) {
        rows.clear(row);
        limits.clear(row);
        loops.forEach(loop -> loop.counters().clear(row));
        controlPath.counters().clear(row);
    }

    @Override
    public int install(SessionPath path, PuntSink sink) {
        TunnelUse tunnel = useTunnel(path.tunnel());
        if (tunnel == null) {
            return NO_ROW;
        }
        int row = rowNumbers.take();
        if (row < 0) {
            leaveTunnel(path.tunnel());
            return NO_ROW;
        }
        paths[row] = path;
        sinks[row] = sink;
        rows.setPeerIds(row, path.tunnel().peerTunnelId(), path.peerSessionId());
        rows.setWord(row, linkFlags(path), path.mtu(), clampBytes(path, tunnel), tunnel.index);
        tables.putSession(path.tunnel().localTunnelId(), path.localSessionId(), row);
        return row;
    }

    @Override
    public void update(int row, SessionPath path) {
        SessionPath before = installed(row);
        TunnelUse tunnel = tunnels.get(Way.of(path.tunnel()));
        if (!Way.of(before.tunnel()).equals(Way.of(path.tunnel()))) {
            tunnel = useTunnel(path.tunnel());
            leaveTunnel(before.tunnel());
        }
        if (tunnel == null) {
            throw new IllegalArgumentException("tunnel path " + path.tunnel() + " is not from a listen address");
        }
        paths[row] = path;
        int kept = Rows.flags(rows.word(row)) & (Rows.NETWORK_FLAGS | Rows.LIMIT_FLAGS);
        rows.setWord(row, linkFlags(path) | kept, path.mtu(), clampBytes(path, tunnel), tunnel.index);
    }

    private SessionPath installed(int row) {
        SessionPath path = paths[row];
        if (path == null) {
            throw new IllegalStateException("row " + row + " is not installed");
        }
        return path;
    }

    private static int linkFlags(SessionPath path) {
        return (path.addressControl() ? Rows.ADDRESS_CONTROL : 0)
                | (path.protocolCompressed() ? Rows.PROTOCOL_COMPRESSED : 0)
                | (path.sequencing() ? Rows.SEQUENCING : 0) | (path.multilink() ? Rows.MULTILINK : 0);
    }

    // What a datagram to the peer can carry without being fragmented on the way; TCP is kept to it, so that nothing is fragmented and trains stay
    // possible (UDP_SEGMENT does not fragment).
    private static int carriesBytes(InetSocketAddress peer) {
        int pathMtu = UdpSocket.pathMtuBytes(peer);
        int outer = peer.getAddress() instanceof Inet6Address ? 48 : 28;
        return pathMtu < SMALLEST_PATH_MTU ? Integer.MAX_VALUE : pathMtu - outer;
    }

    private static int clampBytes(SessionPath path, TunnelUse tunnel) {
        return Math.min(path.mtu(), tunnel.carriesBytes - L2tpDataHeader.lengthBytes(linkFlags(path)));
    }

    private @Nullable TunnelUse useTunnel(TunnelPath path) {
        TunnelUse use = tunnels.get(Way.of(path));
        if (use == null) {
            int socket = sockets.indexOf(path.local());
            int number = socket < 0 ? -1 : tunnelNumbers.take();
            if (number < 0) {
                return null;
            }
            rows.setDestination(number, socket, path.peer(), path.local());
            use = new TunnelUse(number, carriesBytes(path.peer()));
            tunnels.put(Way.of(path), use);
        }
        use.rows++;
        return use;
    }

    private void leaveTunnel(TunnelPath path) {
        TunnelUse use = tunnels.get(Way.of(path));
        if (use != null && --use.rows == 0) {
            tunnels.remove(Way.of(path));
            tunnelNumbers.giveBack(use.index);
        }
    }

    @Override
    public void attach(int row, Networks added) {
        Set<IpPrefix> gone = prefixes(networks[row]);
        Set<IpPrefix> fresh = prefixes(added);
        Set<IpPrefix> kept = new HashSet<>(gone);
        kept.retainAll(fresh);
        gone.removeAll(kept);
        fresh.removeAll(kept);
        networks[row] = added;
        rows.setSources(row, added.ipv4().map(IpAddresses::toInt).orElse(0), lac ? 0 : firstLinkPrefix(added));
        fresh.forEach(prefix -> table(prefix).put(high(prefix), low(prefix), prefix.length(), row));
        boolean ipv4 = added.ipv4().isPresent() || !added.ipv4Routes().isEmpty();
        setNetworkFlags(row,
                (added.sourceCheck() ? Rows.SOURCE_CHECK : 0) | (added.mssClamp() ? Rows.MSS_CLAMP : 0)
                        | (ipv4 ? Rows.IPV4 : 0)
                        | (added.ipv6Prefixes().isEmpty() ? 0 : Rows.IPV6));
        gone.forEach(prefix -> table(prefix).remove(high(prefix), low(prefix), prefix.length(), row));
    }

    @Override
    public void lend(int row, SessionPath path, PuntSink sink) {
        SessionPath before = installed(row);
        tables.removeSession(before.tunnel().localTunnelId(), before.localSessionId(), row);
        sinks[row] = sink;
        update(row, path);
        rows.setPeerIds(row, path.tunnel().peerTunnelId(), path.peerSessionId());
    }

    private static Set<IpPrefix> prefixes(@Nullable Networks of) {
        Set<IpPrefix> all = new HashSet<>();
        if (of != null) {
            of.ipv4().ifPresent(address -> all.add(IpPrefix.ofHost(address)));
            all.addAll(of.ipv4Routes());
            all.addAll(of.ipv6Prefixes());
        }
        return all;
    }

    private PrefixTable table(IpPrefix prefix) { return prefix.isIpv4() ? tables.ipv4() : tables.ipv6(); }

    private static long high(IpPrefix prefix) {
        byte[] octets = prefix.address().getAddress();
        return prefix.isIpv4() ? (long) ByteBuffer.wrap(octets).getInt() << 32 : ByteBuffer.wrap(octets).getLong();
    }

    private static long low(IpPrefix prefix) {
        return prefix.isIpv4() ? 0 : ByteBuffer.wrap(prefix.address().getAddress()).getLong(8);
    }

    // The source of most IPv6 packets, compared before the look-up, and where none of the subscriber's may go. 0: none.
    private static long firstLinkPrefix(Networks of) {
        return of.ipv6Prefixes().stream().filter(prefix -> prefix.length() == 64).mapToLong(ForwardingEngine::high)
                .findFirst().orElse(0);
    }

    @Override
    public void detach(int row) {
        setNetworkFlags(row, 0);
        prefixes(networks[row])
                .forEach(prefix -> table(prefix).remove(high(prefix), low(prefix), prefix.length(), row));
        networks[row] = null;
        rows.setSources(row, 0, 0);
    }

    private void setNetworkFlags(int row, int flags) {
        SessionPath path = installed(row);
        int kept = Rows.flags(rows.word(row)) & Rows.LIMIT_FLAGS;
        rows.setWord(row, linkFlags(path) | kept | flags, path.mtu(), Rows.clampBytes(rows.word(row)),
                Rows.tunnel(rows.word(row)));
    }

    @Override
    public void limit(int row, Limits wanted) {
        SessionPath path = installed(row);
        long word = rows.word(row);
        int flags = limits.set(row, wanted, System.nanoTime()) | (Rows.flags(word) & ~Rows.LIMIT_FLAGS);
        rows.setWord(row, flags, path.mtu(), Rows.clampBytes(word), Rows.tunnel(word));
    }

    @Override
    public int threads() { return loops.size() + 1; }

    @Override
    public void remove(int row) {
        SessionPath path = paths[row];
        if (path == null) {
            return;
        }
        tables.removeSession(path.tunnel().localTunnelId(), path.localSessionId(), row);
        detach(row);
        limits.clear(row);
        leaveTunnel(path.tunnel());
        sinks[row] = null;
        paths[row] = null;
        rowNumbers.giveBack(row);
    }

    @Override
    public void read(int row, SessionCounters into) {
        into.reset();
        loops.forEach(loop -> loop.counters().addTo(row, into));
        controlPath.counters().addTo(row, into);
    }

    @Override
    public void sendFrame(int row, ByteBuf pppFrame) { controlPath.sendFrame(row, pppFrame); }

    @Override
    public void sendControl(TunnelPath path, ByteBuf message) { controlPath.sendControl(path, message); }

    @Override
    public void injectDown(int row, ByteBuf ipPacket) { controlPath.sendPacket(row, ipPacket); }

    @Override
    public void injectUp(int row, ByteBuf pppFrame) { controlPath.injectUp(row, pppFrame); }

    @Override
    public void count(int row, boolean fromSubscriber, int octets, boolean ipv6) {
        controlPath.count(row, fromSubscriber, octets, ipv6);
    }

    @Override
    public ForwardingCounters counters() { return CounterReader.read(loops, controlPath, offloads()); }

    /** Index of the device, for routes. */
    public int deviceIndex() { return device.index(); }

    /** The device, for its keeper. */
    public KeptDevice device() { return device; }

    /** The offloads that are in use now, as one line for the log. */
    public String offloadsInUse() {
        return offloads().entrySet().stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    // What the probe at start found, as far as no thread has left it off since.
    private Map<String, Boolean> offloads() {
        Map<String, Boolean> inUse = new LinkedHashMap<>();
        inUse.put("gro", sockets.receivesTrains());
        inUse.put("gso", loops.stream().allMatch(ForwardingLoop::sendsTrains));
        inUse.put("virtio", device.tun().virtioNetHeaders());
        inUse.put("tso", loops.stream().allMatch(ForwardingLoop::joinsTcp));
        inUse.put("uso", loops.stream().allMatch(ForwardingLoop::joinsUdp));
        return inUse;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        controlPath.flush();
        controlPath.stop();
        group.shutdownGracefully(0, STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * STOP_TIMEOUT_MS);
        sockets.close();
        device.close();
        if (group.isTerminated()) {
            loops.forEach(ForwardingLoop::close);
            limits.pool().close();
        }
    }
}

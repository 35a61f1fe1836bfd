package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.daemon.forwarding.DropReason;
import org.lnsd.daemon.forwarding.ForwardingCounters;
import org.lnsd.daemon.forwarding.ForwardingEngine;
import org.lnsd.daemon.forwarding.ForwardingSettings;
import org.lnsd.daemon.forwarding.Networks;
import org.lnsd.daemon.forwarding.Offload;
import org.lnsd.daemon.forwarding.SessionCounters;
import org.lnsd.daemon.forwarding.SessionPath;
import org.lnsd.daemon.forwarding.TunnelPath;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.tun.Coalescer;
import org.lnsd.tun.Memory;
import org.lnsd.tun.NetworkNamespace;
import org.lnsd.tun.ReceiveBatch;
import org.lnsd.tun.SendBatch;
import org.lnsd.tun.TunDevice;
import org.lnsd.tun.UdpSocket;

/**
 * The forwarding engine with its offloads on and off, in any combination, on the real kernel: the same packets come out, unchanged but for the
 * hop, in order within each flow, and are counted exactly.
 */
@Tag("system")
class OffloadsTest {
    private static final int SESSIONS = 12;
    private static final int CHUNK = 250;
    /** {@code -Dlnsd.offload-packets=100000} and {@code -Dlnsd.offload-mib=1024} run the whole of it. */
    private static final int PACKETS = Integer.getInteger("lnsd.offload-packets", 5000);
    private static final int MIB = Integer.getInteger("lnsd.offload-mib", 1);
    /** {@code -Dlnsd.offload-combinations=0-7} takes some of the 32: the whole of it in pieces. */
    private static final int[] COMBINATIONS = Arrays
            .stream(System.getProperty("lnsd.offload-combinations", "0-31").split("-")).mapToInt(Integer::parseInt)
            .toArray();

    private final AtomicInteger namespaces = new AtomicInteger();
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());

    @AfterEach
    void stopLoops() { group.shutdownGracefully(); }

    private static ForwardingSettings.Offloads offloads(String letters) {
        Offload[] all = letters.chars().mapToObj(letter -> letter == '1' ? Offload.AUTO : Offload.OFF)
                .toArray(Offload[]::new);
        return new ForwardingSettings.Offloads(all[0], all[1], all[2], all[3], all[4]);
    }

    private static <T> T on(IoEventLoop loop, java.util.concurrent.Callable<T> action) {
        try {
            return loop.submit(action).get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> install(ForwardingEngine engine, IoEventLoop loop, InetSocketAddress local,
            InetSocketAddress peer, boolean sourceCheck) {
        return on(loop, () -> {
            List<Integer> rows = new ArrayList<>();
            for (int i = 1; i <= SESSIONS; i++) {
                TunnelPath tunnel = new TunnelPath(local, peer, 100 + i % 3, 100 + i % 3);
                int row = engine.install(new SessionPath(tunnel, i, i, 1400, i % 3 != 0, i % 5 == 0, false),
                        (_, _, _) -> {});
                engine.attach(row, new Networks(Optional.of(Inet4Address.ofLiteral("10.9.0." + i)), List.of(),
                        List.of(IpPrefix.parse("2001:db8:9:" + Integer.toHexString(i) + "::/64")), sourceCheck, false));
                rows.add(row);
            }
            return rows;
        });
    }

    // Letters: UDP_GRO, UDP_SEGMENT, virtio-net headers, TCP trains, UDP trains. With a small MTU between LAC and LNS the
    // datagrams come and go in fragments, and the kernel refuses trains of them.
    @ParameterizedTest
    @CsvSource({"00000,65536", "11111,65536", "10000,65536", "01000,65536", "11100,65536", "11110,65536", "11101,65536",
            "11111,700", "00000,700"})
    void thePacketsThatComeOutAreThoseThatWentIn(String letters, int outerMtu) {
        InetSocketAddress lns = new InetSocketAddress("127.0.0.1", 1701);
        try (NetNamespace place = NetNamespace.create(namespaces, "mix")) {
            place.must("ip", "link", "set", "lo", "mtu", Integer.toString(outerMtu));
            place.must("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1",
                    "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0");
            IoEventLoop loop = group.next();
            ForwardingEngine engine = NetworkNamespace.within(place.name(),
                    () -> ForwardingEngine.open(new ForwardingSettings(List.of(lns), 1, 1024,
                            new ForwardingSettings.Tun("lns0", 1400, 1, 4096, List.of()), offloads(letters),
                            ForwardingSettings.SOCKET_BUFFER_BYTES, false),
                            loop,
                            (_, _, _, _) -> {}));
            TunDevice core = NetworkNamespace.within(place.name(), () -> {
                TunDevice made = TunDevice.create("core0", 1, true);
                made.up(1500, 10_000);
                return made;
            });
            try (core;
                    UdpSocket lac = NetworkNamespace.within(place.name(),
                            () -> UdpSocket.bind(new InetSocketAddress("127.0.0.2", 1701), false))) {
                for (String route : List.of("198.51.100.0/24 core0", "2001:db8:100::/48 core0", "10.9.0.0/16 lns0",
                        "2001:db8:9::/48 lns0")) {
                    place.must("ip", "route", "add", route.split(" ")[0], "dev", route.split(" ")[1]);
                }
                List<Integer> rows = install(engine, loop, lns, lac.local(), true);
                up(core, lac, lns);
                down(core, lac);
                compareCounters(engine, rows, loop);
            } finally {
                on(loop, () -> {
                    engine.close();
                    return 0;
                });
            }
        }
    }

    private static void up(TunDevice core, UdpSocket lac, InetSocketAddress lns) {
        OffloadMix mix = new OffloadMix(61, SESSIONS, true);
        long memory = Memory.map(1 << 20);
        long block = Memory.map(SendBatch.DESTINATION);
        SendBatch.writeDestination(block, 0, lns, lac.localAddress());
        try (SendBatch batch = new SendBatch(new int[]{lac.fd()}, true, new SendBatch.Stats())) {
            for (int done = 0; done < PACKETS; done += CHUNK) {
                List<OffloadMix.Packet> packets = mix.next(CHUNK);
                long at = memory;
                for (OffloadMix.Packet packet : packets) {
                    at += 64;
                    Memory.putShortBe(at, 2);
                    Memory.putShortBe(at + 2, 100 + packet.session() % 3);
                    Memory.putShortBe(at + 4, packet.session());
                    Memory.putIntBe(at + 6, 0xFF03_0000 | (packet.ipv6() ? 0x57 : 0x21));
                    Memory.fromArray(packet.octets(), 0, at + 10, packet.octets().length);
                    batch.datagram(block, 10 + packet.octets().length);
                    batch.append(at, 10 + packet.octets().length);
                    at += packet.octets().length;
                }
                batch.flush();
                assertSame(packets, read(core, CHUNK));
            }
        } finally {
            Memory.unmap(memory);
            Memory.unmap(block);
        }
    }

    private static List<byte[]> read(TunDevice core, int count) {
        long memory = Memory.map(70_000);
        List<byte[]> seen = new ArrayList<>();
        try {
            Awaitility.await().atMost(20, TimeUnit.SECONDS).pollInterval(1, TimeUnit.MILLISECONDS)
                    .pollDelay(0, TimeUnit.MILLISECONDS).until(() -> {
                        int length = core.read(0, memory, 65_546);
                        while (length > 0) {
                            assertThat(Memory.getByte(memory + 1)).as("the kernel cuts for this device").isZero();
                            byte[] packet = Memory.toArray(memory + 10, length - 10);
                            if (OffloadMix.isFromSubscriber(packet)) {
                                seen.add(packet); // and not what the kernel itself says to its neighbours
                            }
                            length = core.read(0, memory, 65_546);
                        }
                        return seen.size() >= count;
                    });
        } finally {
            Memory.unmap(memory);
        }
        return seen;
    }

    private static void down(TunDevice core, UdpSocket lac) {
        OffloadMix mix = new OffloadMix(62, SESSIONS, false);
        long memory = Memory.map(1 << 20);
        Coalescer coalescer = new Coalescer((iovec, entries) -> core.write(0, iovec, entries), new Coalescer.Stats(),
                true,
                true);
        try (ReceiveBatch batch = new ReceiveBatch(64, 65_536)) {
            for (int done = 0; done < PACKETS; done += CHUNK) {
                List<OffloadMix.Packet> packets = mix.next(CHUNK);
                long at = memory;
                for (OffloadMix.Packet packet : packets) {
                    Memory.fromArray(packet.octets(), 0, at, packet.octets().length);
                    coalescer.add(at, packet.octets().length, 0);
                    at += packet.octets().length + 32;
                }
                coalescer.flush();
                assertSame(packets, receive(lac, batch, CHUNK));
            }
        } finally {
            coalescer.close();
            Memory.unmap(memory);
        }
    }

    private static List<byte[]> receive(UdpSocket lac, ReceiveBatch batch, int count) {
        List<byte[]> seen = new ArrayList<>();
        Awaitility.await().atMost(20, TimeUnit.SECONDS).pollInterval(1, TimeUnit.MILLISECONDS)
                .pollDelay(0, TimeUnit.MILLISECONDS).until(() -> {
                    for (int messages = batch.receive(lac.fd()); messages > 0; messages = batch.receive(lac.fd())) {
                        for (int i = 0; i < messages; i++) {
                            byte[] datagram = Memory.toArray(batch.address(i), batch.lengthBytes(i));
                            int at = datagram[6] == -1 ? 8 : 6;
                            at += datagram[at] == 0 ? 2 : 1;
                            seen.add(Arrays.copyOfRange(datagram, at, datagram.length));
                        }
                    }
                    return seen.size() >= count;
                });
        return seen;
    }

    private static void assertSame(List<OffloadMix.Packet> sent, List<byte[]> seen) {
        Map<String, List<String>> expected = new LinkedHashMap<>();
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (OffloadMix.Packet packet : sent) {
            byte[] routed = OffloadMix.routed(packet.octets());
            expected.computeIfAbsent(OffloadMix.flowOf(routed), _ -> new ArrayList<>())
                    .add(java.util.HexFormat.of().formatHex(routed));
        }
        for (byte[] packet : seen) {
            found.computeIfAbsent(OffloadMix.flowOf(packet), _ -> new ArrayList<>())
                    .add(java.util.HexFormat.of().formatHex(packet));
        }
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((flow, packets) -> assertThat(found.get(flow)).as(flow).isEqualTo(packets));
    }

    // Section "Shows when done" 5: octets and packets are the generator's own counts, per session and family.
    private static void compareCounters(ForwardingEngine engine, List<Integer> rows, IoEventLoop loop) {
        long[][] expected = new long[SESSIONS + 1][8];
        for (int direction = 0; direction < 2; direction++) {
            OffloadMix mix = new OffloadMix(61 + direction, SESSIONS, direction == 0);
            for (int done = 0; done < PACKETS; done += CHUNK) {
                for (OffloadMix.Packet packet : mix.next(CHUNK)) {
                    long[] of = expected[packet.session()];
                    of[2 * direction]++;
                    of[2 * direction + 1] += packet.octets().length;
                    of[4 + 2 * direction] += packet.ipv6() ? 1 : 0;
                    of[5 + 2 * direction] += packet.ipv6() ? packet.octets().length : 0;
                }
            }
        }
        for (int session = 1; session <= SESSIONS; session++) {
            SessionCounters seen = new SessionCounters();
            int row = rows.get(session - 1);
            on(loop, () -> {
                engine.read(row, seen);
                return 0;
            });
            assertThat(new long[]{seen.packetsIn, seen.octetsIn, seen.packetsOut, seen.octetsOut, seen.ipv6PacketsIn,
                    seen.ipv6OctetsIn, seen.ipv6PacketsOut, seen.ipv6OctetsOut}).as("session %d", session)
                    .isEqualTo(expected[session]);
        }
        ForwardingCounters sum = on(loop, engine::counters);
        assertThat(sum.drops()).allSatisfy((DropReason reason, Long count) -> assertThat(count).as(reason.name())
                .matches(drops -> drops == 0 || reason == DropReason.NO_ROUTE)); // the kernel's own IPv6 multicast
    }

    @Test
    void tcpIsWholeBothWaysWithEveryCombination() {
        InetSocketAddress lns = new InetSocketAddress("192.0.2.1", 1701);
        InetSocketAddress lac = new InetSocketAddress("192.0.2.2", 1701);
        try (NetNamespace lacPlace = NetNamespace.create(namespaces, "lac");
                NetNamespace lnsPlace = NetNamespace.create(namespaces, "lns")) {
            lnsPlace.connect("acc0", "192.0.2.1/24", lacPlace, "lac0", "192.0.2.2/24");
            for (NetNamespace place : List.of(lnsPlace, lacPlace)) {
                place.run("ethtool", "-K", place == lnsPlace ? "acc0" : "lac0", "tx", "on", "gso", "on", "gro", "on");
            }
            IoEventLoop lacLoop = group.next();
            ForwardingEngine lacEngine = open(lacPlace, "sub0", "11111", lac, lacLoop, true);
            try {
                install(lacEngine, lacLoop, lac, lns, false);
                lacPlace.must("ip", "address", "add", "10.9.0.1/32", "dev", "sub0");
                lacPlace.must("ip", "route", "add", "10.8.0.1/32", "dev", "sub0", "src", "10.9.0.1");
                for (int bits = COMBINATIONS[0]; bits <= COMBINATIONS[1]; bits++) {
                    transfer(lnsPlace, lacPlace, lns, lac,
                            String.format("%5s", Integer.toBinaryString(bits)).replace(' ', '0'));
                }
            } finally {
                on(lacLoop, () -> {
                    lacEngine.close();
                    return 0;
                });
            }
        }
    }

    private static ForwardingEngine open(NetNamespace place, String device, String letters, InetSocketAddress local,
            IoEventLoop loop, boolean lacEnd) {
        return NetworkNamespace.within(place.name(),
                () -> ForwardingEngine.open(new ForwardingSettings(List.of(local), 1, 1024,
                        new ForwardingSettings.Tun(device, 1400, 1, 4096,
                                lacEnd ? List.of() : List.of(IpPrefix.parse("10.8.0.1"))),
                        offloads(letters), ForwardingSettings.SOCKET_BUFFER_BYTES, lacEnd), loop, (_, _, _, _) -> {}));
    }

    private void transfer(NetNamespace lnsPlace, NetNamespace lacPlace, InetSocketAddress lns, InetSocketAddress lac,
            String letters) {
        IoEventLoop loop = group.next();
        ForwardingEngine engine = open(lnsPlace, "lns0", letters, lns, loop, false);
        try {
            install(engine, loop, lns, lac, true);
            lnsPlace.must("ip", "route", "add", "10.9.0.0/16", "dev", "lns0");
            String[] sums = exchange(lnsPlace, lacPlace);
            assertThat(sums[1]).as("up, offloads %s", letters).isEqualTo(sums[0]);
            assertThat(sums[3]).as("down, offloads %s", letters).isEqualTo(sums[2]);
            for (NetNamespace place : List.of(lnsPlace, lacPlace)) {
                assertThat(wrongTcpChecksums(place)).as("wrong checksums in %s, offloads %s", place.name(), letters)
                        .isZero();
            }
            ForwardingCounters counters = on(loop, engine::counters);
            assertThat(counters.offloads().values()).as("in use, of %s", letters)
                    .containsExactlyElementsOf(inUse(letters));
            long trains = counters.trainsToDevice();
            assertThat(trains > 0).as("trains to the device, offloads %s", letters)
                    .isEqualTo(letters.charAt(2) == '1' && letters.charAt(3) == '1');
        } finally {
            on(loop, () -> {
                engine.close();
                return 0;
            });
        }
    }

    /** What TCP of the kernel refused: it looks at the checksum of each packet that does not come with its own word for it. */
    private static long wrongTcpChecksums(NetNamespace place) {
        List<String[]> lines = place.must("cat", "/proc/net/snmp").lines().filter(line -> line.startsWith("Tcp:"))
                .map(line -> line.split(" ")).toList();
        return Long.parseLong(lines.get(1)[Arrays.asList(lines.get(0)).indexOf("InCsumErrors")]);
    }

    // Both kinds of trains to the device need its headers.
    private static List<Boolean> inUse(String letters) {
        boolean headers = letters.charAt(2) == '1';
        return List.of(letters.charAt(0) == '1', letters.charAt(1) == '1', headers,
                headers && letters.charAt(3) == '1', headers && letters.charAt(4) == '1');
    }

    private static String[] exchange(NetNamespace lnsPlace, NetNamespace lacPlace) {
        try (ServerSocket server = NetworkNamespace.within(lnsPlace.name(), () -> bound());
                Socket client = NetworkNamespace.within(lacPlace.name(), () -> connected(server.getLocalPort()));
                Socket accepted = server.accept()) {
            String[] sums = new String[4];
            for (int direction = 0; direction < 2; direction++) {
                OutputStream out = (direction == 0 ? client : accepted).getOutputStream();
                InputStream in = (direction == 0 ? accepted : client).getInputStream();
                CompletableFuture<String> sent = CompletableFuture.supplyAsync(() -> send(out));
                sums[2 * direction + 1] = digest(in);
                sums[2 * direction] = sent.get(60 + MIB, TimeUnit.SECONDS);
            }
            return sums;
        } catch (IOException | InterruptedException | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static ServerSocket bound() {
        try {
            return new ServerSocket(0, 1, InetAddress.ofLiteral("10.8.0.1"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Socket connected(int port) {
        try {
            return new Socket(InetAddress.ofLiteral("10.8.0.1"), port);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String send(OutputStream out) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] octets = new byte[1 << 16];
            Random random = new Random(MIB);
            for (int i = 0; i < MIB * 16; i++) {
                random.nextBytes(octets);
                digest.update(octets);
                out.write(octets);
            }
            out.flush();
            return java.util.HexFormat.of().formatHex(digest.digest());
        } catch (IOException | java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String digest(InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] octets = new byte[1 << 16];
            long left = (long) MIB << 20;
            while (left > 0) {
                int read = in.read(octets, 0, (int) Math.min(left, octets.length));
                if (read < 0) {
                    return "ended " + left + " octets early";
                }
                digest.update(octets, 0, read);
                left -= read;
            }
            return java.util.HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

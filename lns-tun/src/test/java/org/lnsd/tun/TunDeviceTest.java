package org.lnsd.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The device on the real kernel, in a network namespace of the test's own. */
@Tag("system")
class TunDeviceTest {
    private static final String PLACE = "lnsd-tun" + ProcessHandle.current().pid();

    private final long memory = Memory.map(1 << 17);

    @BeforeAll
    static void makePlace() {
        ip("netns", "add", PLACE);
        ip("-n", PLACE, "link", "set", "lo", "up");
    }

    @AfterAll
    static void removePlace() { ip("netns", "delete", PLACE); }

    @AfterEach
    void free() { Memory.unmap(memory); }

    private static String ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
            return said;
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private static <T> T inside(Supplier<T> action) { return NetworkNamespace.within(PLACE, action); }

    private static TunDevice device(String name, int queues, boolean headers) {
        return inside(() -> {
            TunDevice made = TunDevice.create(name, queues, headers);
            made.up(1400, 500);
            return made;
        });
    }

    @Test
    void isWhatWasAskedForAndGoesWithItsDescriptors() {
        try (TunDevice device = device("one", 2, true)) {
            assertThat(device.queues()).isEqualTo(2);
            assertThat(device.name()).isEqualTo("one");
            assertThat(device.virtioNetHeaders()).isTrue();
            assertThat(ip("-n", PLACE, "link", "show", "one")).contains("mtu 1400", "qlen 500", "UP")
                    .startsWith(device.index() + ":");
            assertThat(inside(device::acceptOwnAddresses)).isIn(true, false);
        }
        assertThat(ip("-n", PLACE, "link", "show")).doesNotContain("one:");
    }

    @Test
    void refusalsSayWhatWouldMendThem() {
        assertThatThrownBy(() -> TunDevice.create("sixteen-letters-", 1, true)).isInstanceOf(LinuxException.class)
                .hasMessageContaining("1 to 15 characters");
        try (TunDevice device = device("taken", 1, true)) {
            assertThat(device.queues()).isOne();
            assertThatThrownBy(() -> inside(() -> TunDevice.create("taken", 1, true)))
                    .isInstanceOf(LinuxException.class).hasMessageContaining("choose another name");
        }
        assertThatThrownBy(() -> inside(() -> TunDevice.create("lo", 1, true))).isInstanceOf(LinuxException.class);
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void eachKindOfTrainIsForItself(boolean tcp, boolean udp) {
        try (TunDevice device = device("trains", 1, true)) {
            inside(() -> {
                device.enableTrains(tcp, udp);
                return 0;
            });
            assertThat(device.tcpTrains()).isEqualTo(tcp);
            assertThat(device.udpTrains()).isEqualTo(udp);
        }
    }

    @Test
    void withoutHeadersThereAreNoTrains() {
        try (TunDevice device = device("plain", 1, false)) {
            device.enableTrains(true, true);
            assertThat(device.tcpTrains() || device.udpTrains()).isFalse();
        }
    }

    // The probe's packet is refused by a device that is down: then nothing is sent in trains.
    @Test
    void whatTheProbeFindsRefusedIsLeftOff() {
        try (TunDevice device = inside(() -> TunDevice.create("down", 1, true))) {
            device.enableTrains(true, true);
            assertThat(device.tcpTrains() || device.udpTrains()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"true,0", "true,10", "false,0", "false,10"})
    void packetsGoThroughBothWays(boolean headers, int roomBytes) {
        try (TunDevice device = device("both", 1, headers);
                UdpSocket socket = inside(() -> {
                    ip("-n", PLACE, "address", "add", "10.0.0.1/24", "dev", "both");
                    return UdpSocket.bind(new InetSocketAddress("10.0.0.1", 5000), false);
                });
                ReceiveBatch received = new ReceiveBatch(8, 4096)) {
            TestPacket packet = TestPacket.of(false, false);
            packet.source = 2;
            packet.destination = 1;
            packet.destinationPort = 5000;
            byte[] octets = packet.build();
            Memory.fromArray(octets, 0, memory + 64, octets.length);
            Coalescer.Stats stats = new Coalescer.Stats();
            Coalescer coalescer = new Coalescer(device.queue(0)::writeHeaded, stats, true, true);
            coalescer.add(memory + 64, octets.length, roomBytes);
            coalescer.flush();
            coalescer.close();
            assertThat(stats.refusedPackets).isZero();
            await().until(() -> received.receive(socket.fd()) == 1);
            assertThat(Memory.toArray(received.address(0), received.lengthBytes(0))).isEqualTo(packet.payload);
            answer(socket, packet.payload);
            byte[] out = read(device, headers ? VirtioNetHeader.LENGTH : 0);
            assertThat(Arrays.copyOfRange(out, 28, out.length)).isEqualTo(packet.payload);
        }
    }

    private void answer(UdpSocket from, byte[] payload) {
        SendBatch.writeDestination(memory, 0, new InetSocketAddress("10.0.0.2", 1000), from.localAddress());
        Memory.fromArray(payload, 0, memory + 4096, payload.length);
        try (SendBatch batch = new SendBatch(new int[]{from.fd()}, false, new SendBatch.Stats())) {
            batch.datagram(memory, payload.length);
            batch.append(memory + 4096, payload.length);
            batch.flush();
        }
    }

    /** The first UDP packet; the kernel's own IPv6 multicast is passed over. */
    private byte[] read(TunDevice device, int header) {
        byte[][] found = new byte[1][];
        await().until(() -> {
            int length = device.read(0, memory + 8192, 65_536);
            boolean udp = length > header + 28 && Memory.getByte(memory + 8192 + header) == 0x45
                    && Memory.getByte(memory + 8192 + header + 9) == 17;
            if (udp) {
                found[0] = Memory.toArray(memory + 8192 + header, length - header);
            }
            return udp;
        });
        return found[0];
    }

    // EIO: of no packet, train or not, does the kernel say anything else while the device is down.
    @Test
    void aDeviceThatIsDownTakesNothingAndThenWorksAgain() {
        try (TunDevice device = device("shut", 1, true)) {
            ip("-n", PLACE, "link", "set", "shut", "down");
            byte[] octets = TestPacket.of(false, false).build();
            Memory.fromArray(octets, 0, memory + 64, octets.length);
            Memory.putLong(memory, memory + 32);
            Memory.putLong(memory + 8, VirtioNetHeader.LENGTH);
            Memory.putLong(memory + 16, memory + 64);
            Memory.putLong(memory + 24, octets.length);
            assertThat(device.write(0, memory, 2)).isEqualTo(Linux.EIO);
            ip("-n", PLACE, "link", "set", "shut", "up");
            assertThat(device.write(0, memory, 2)).isZero();
        }
    }

    @Test
    void deletedItIsMadeAnewOnTheSameDescriptorsAndTheKernelTellsOfIt() {
        try (TunDevice device = device("phoenix", 2, true); LinkMonitor monitor = inside(() -> new LinkMonitor(0))) {
            inside(() -> {
                device.enableTrains(true, true);
                return 0;
            });
            int former = device.index();
            assertThat(inside(device::state)).isEqualTo(TunDevice.State.UP);
            ip("-n", PLACE, "link", "set", "phoenix", "down");
            assertThat(inside(device::state)).isEqualTo(TunDevice.State.DOWN);
            ip("-n", PLACE, "link", "set", "phoenix", "up");
            ip("-n", PLACE, "link", "set", "phoenix", "down", "name", "ashes");
            assertThat(inside(device::state)).as("another name").isEqualTo(TunDevice.State.DOWN);
            ip("-n", PLACE, "link", "delete", "ashes");
            assertThat(inside(device::state)).isEqualTo(TunDevice.State.GONE);
            await().until(() -> monitor.await(former, 100).wasDown());
            assertThat(device.read(0, memory, 4096)).isZero();
            inside(() -> {
                device.recreate();
                device.up(1400, 500);
                return 0;
            });
            assertThat(device.index()).isNotEqualTo(former);
            assertThat(inside(device::state)).isEqualTo(TunDevice.State.UP);
            assertThat(ip("-n", PLACE, "-d", "link", "show", "phoenix")).contains("mtu 1400", "qlen 500",
                    "numqueues 2");
            byte[] octets = TestPacket.of(false, false).build();
            Memory.fromArray(octets, 0, memory + 64, octets.length);
            Memory.fill(memory + 32, VirtioNetHeader.LENGTH, 0);
            Memory.putLong(memory, memory + 32);
            Memory.putLong(memory + 8, VirtioNetHeader.LENGTH);
            Memory.putLong(memory + 16, memory + 64);
            Memory.putLong(memory + 24, octets.length);
            assertThat(device.write(0, memory, 2)).isZero();
            assertThat(device.write(1, memory, 2)).isZero();
        }
    }
}

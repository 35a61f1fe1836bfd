package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.NEW_SESSIONS;
import static org.lnsd.daemon.config.Effect.RESTART;

import java.util.List;

/** {@code [forwarding]}. */
final class ForwardingTable {

    private static final Key<Integer> THREADS = Key.of("threads", ValueTypes.integer(0, 256), "0", RESTART,
            "forwarding threads; 0: one a core");
    private static final Key<Boolean> SOURCE_CHECK = Key.of("source-check", ValueTypes.bool(), "true", NEW_SESSIONS,
            "BCP 38: only the session's own addresses and routes may be a source");
    private static final Key<Boolean> MSS_CLAMP = Key.of("mss-clamp", ValueTypes.bool(), "true", NEW_SESSIONS,
            "lower the MSS of TCP connections to what the link's MTU takes");
    private static final Key<Integer> SOCKET_BUFFER = Key.of("socket-buffer", ValueTypes.integer(65536, 1 << 30),
            "8388608", RESTART,
            "octets of receive buffer of each tunnel socket");

    private static final ValueType<OffloadChoice> CHOICE = ValueTypes.constant(OffloadChoice.class);
    private static final Key<OffloadChoice> GRO = choice("gro", "trains of datagrams from the tunnel sockets");
    private static final Key<OffloadChoice> GSO = choice("gso", "trains of datagrams to the tunnel sockets");
    private static final Key<OffloadChoice> VIRTIO = choice("virtio",
            "a header before each packet of the device: unfinished checksums, super-packets");
    private static final Key<OffloadChoice> TSO = choice("tso", "TCP super-packets through the device; needs virtio");
    private static final Key<OffloadChoice> USO = choice("uso",
            "UDP super-packets through the device (Linux 6.2); needs virtio");
    private static final Key<OffloadsConfig> OFFLOADS = Key.of("offloads",
            ValueTypes.table(List.of(GRO, GSO, VIRTIO, TSO, USO), ForwardingTable::offloads),
            "{ gro = \"auto\", gso = \"auto\", virtio = \"auto\", tso = \"auto\", uso = \"auto\" }", RESTART,
            "each auto (if the kernel has it) | on (no start without) | off; none with tun.offload = false");

    static final TableSchema SCHEMA = new TableSchema("forwarding", false, false, "The packets' way.",
            List.of(THREADS, SOURCE_CHECK, MSS_CLAMP, SOCKET_BUFFER, OFFLOADS));

    private ForwardingTable() {}

    private static Key<OffloadChoice> choice(String name, String help) {
        return Key.of(name, CHOICE, "\"auto\"", RESTART, help);
    }

    static ForwardingConfig read(TableReader in, CrossChecks checks) {
        Located<OffloadsConfig> offloads = in.located(OFFLOADS);
        checks.offloads(offloads);
        return new ForwardingConfig(in.get(THREADS), in.get(SOURCE_CHECK), in.get(MSS_CLAMP), in.get(SOCKET_BUFFER),
                offloads.value());
    }

    private static OffloadsConfig offloads(TableReader in) {
        OffloadsConfig offloads = new OffloadsConfig(in.get(GRO), in.get(GSO), in.get(VIRTIO), in.get(TSO),
                in.get(USO));
        needsVirtio(in, TSO, offloads.tso(), offloads.virtio());
        needsVirtio(in, USO, offloads.uso(), offloads.virtio());
        return offloads;
    }

    private static void needsVirtio(TableReader in, Key<OffloadChoice> key, OffloadChoice choice,
            OffloadChoice virtio) {
        if (choice == OffloadChoice.ON && virtio == OffloadChoice.OFF) {
            in.placeOf(key).error(key.name() + " = \"on\" needs virtio, which is \"off\", virtio = \"on\" expected");
        }
    }
}

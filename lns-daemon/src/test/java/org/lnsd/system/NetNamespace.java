package org.lnsd.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace of the test's own; closing it ends every process in it and deletes it with all its devices. */
final class NetNamespace implements AutoCloseable {
    private final String name;

    private NetNamespace(String name) { this.name = name; }

    /** Creates a namespace whose name no other test uses; loopback is up. */
    static NetNamespace create(AtomicInteger counter, String label) {
        NetNamespace namespace = new NetNamespace(
                "lnsd-t" + ProcessHandle.current().pid() + "-" + counter.incrementAndGet() + label);
        Commands.must("ip", "netns", "add", namespace.name);
        namespace.must("ip", "link", "set", "lo", "up");
        return namespace;
    }

    String name() { return name; }

    /** The command line that runs a program in here. */
    List<String> inside(List<String> command) {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", name));
        line.addAll(command);
        return line;
    }

    Commands.Result run(String... command) { return Commands.run(inside(List.of(command))); }

    String must(String... command) { return Commands.must(inside(List.of(command))); }

    Process start(Path output, String... command) { return Commands.start(inside(List.of(command)), output); }

    /** Joins this namespace and another by a pair of devices with an address each; offloads are off so that captures show finished checksums. */
    void connect(String device, String address, NetNamespace other, String otherDevice, String otherAddress) {
        Commands.must("ip", "link", "add", "name", device, "netns", name, "type", "veth", "peer", "name", otherDevice,
                "netns", other.name);
        up(device, address);
        other.up(otherDevice, otherAddress);
    }

    /** A tap device for a guest. */
    void tap(String device, String address) {
        must("ip", "tuntap", "add", "dev", device, "mode", "tap");
        must("ip", "link", "set", device, "up");
        must("ip", "address", "add", address, "dev", device, "nodad");
    }

    void route(String prefix, String via) { must("ip", "route", "add", prefix, "via", via); }

    void forward() { must("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"); }

    private void up(String device, String address) {
        must("ip", "address", "add", address, "dev", device, "nodad");
        must("ip", "link", "set", device, "up");
        run("ethtool", "-K", device, "tx", "off", "tso", "off", "gso", "off", "gro", "off");
    }

    @Override
    public void close() {
        for (String pid : Commands.run(List.of("ip", "netns", "pids", name)).output().lines().toList()) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
        Commands.run(List.of("ip", "netns", "delete", name));
    }
}

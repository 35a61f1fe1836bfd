package org.lnsd.tun;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A TUN device with one or more queues, each a plain non-blocking descriptor. The device goes when the last descriptor is
 * closed.
 */
public final class TunDevice implements AutoCloseable {
    private static final long TUNSETIFF = 0x4004_54CAL;
    private static final long TUNGETIFF = 0x8004_54D2L;
    private static final long TUNSETOFFLOAD = 0x4004_54D0L;
    private static final long TUNSETVNETHDRSZ = 0x4004_54D8L;
    private static final long SIOCGIFNAME = 0x8910;
    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final long SIOCSIFMTU = 0x8922;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final long SIOCSIFTXQLEN = 0x8943;
    private static final int IFF_TUN = 0x0001;
    private static final int IFF_MULTI_QUEUE = 0x0100;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;
    private static final int IFF_UP = 1;
    private static final int TUN_F_CSUM_TSO = 0x01 | 0x02 | 0x04 | 0x08;
    private static final int TUN_F_USO = 0x20 | 0x40;

    private final String name;
    private final int[] fds;
    /** For questions about the device, at hand also when the process has no descriptor left. */
    private final int socket;
    private final boolean headers;
    private volatile int index;
    private int offloads;
    private boolean tcpTrains;
    private boolean udpTrains;

    /** What the kernel says of the device. */
    public enum State {
        /** Packets pass. */
        UP,
        /** It is there, but somebody has taken it down. */
        DOWN,
        /** It has been deleted. */
        GONE
    }

    private TunDevice(String name, int[] fds, int socket, boolean headers, int index) {
        this.name = name;
        this.fds = fds;
        this.socket = socket;
        this.headers = headers;
        this.index = index;
    }

    /**
     * Makes the device.
     *
     * @param virtioNetHeaders every packet is preceded by a {@link VirtioNetHeader}; needed for trains
     * @throws LinuxException if the kernel refuses, saying what would mend it
     */
    public static TunDevice create(String name, int queues, boolean virtioNetHeaders) {
        if (name.isEmpty() || name.length() > 15) {
            throw new LinuxException("device name \"" + name + "\"", Linux.EINVAL, "1 to 15 characters expected");
        }
        List<Integer> opened = new ArrayList<>();
        long block = Memory.map(4096);
        try {
            for (int i = 0; i < queues; i++) {
                opened.add(openQueue(block, name, queues > 1, virtioNetHeaders));
            }
            int index = request(block, name, SIOCGIFINDEX, 0, "cannot read the index of device " + name);
            return new TunDevice(name, opened.stream().mapToInt(Integer::intValue).toArray(), interfaceSocket(),
                    virtioNetHeaders, index);
        } catch (LinuxException refused) {
            opened.forEach(Linux.LIBC::close);
            throw refused;
        } finally {
            Memory.unmap(block);
        }
    }

    private static int openQueue(long block, String name, boolean multiQueue, boolean virtioNetHeaders) {
        Linux.putString(block + 1024, "/dev/net/tun");
        int fd = Linux.check(Linux.LIBC.open(block + 1024, Linux.O_RDWR | Linux.O_NONBLOCK | Linux.O_CLOEXEC),
                "cannot open /dev/net/tun",
                "load the module tun, and give access to the device (CAP_NET_ADMIN)");
        try {
            attach(fd, block, name, multiQueue, virtioNetHeaders);
            return fd;
        } catch (LinuxException refused) {
            Linux.LIBC.close(fd);
            throw refused;
        }
    }

    // The descriptor becomes a queue of the device, which the first one makes.
    private static void attach(int fd, long block, String name, boolean multiQueue, boolean virtioNetHeaders) {
        Memory.fill(block, 40, 0);
        Linux.putString(block, name);
        Memory.putShort(block + 16,
                IFF_TUN | IFF_NO_PI | (multiQueue ? IFF_MULTI_QUEUE : 0) | (virtioNetHeaders ? IFF_VNET_HDR : 0));
        if (Linux.LIBC.ioctl(fd, TUNSETIFF, block) < 0) {
            int errno = Linux.errno();
            throw new LinuxException("cannot make TUN device " + name, errno,
                    errno == Linux.EBUSY || errno == Linux.EINVAL
                            ? "another program holds it, or a device of that name is of another kind; choose another name"
                            : "run as root or with CAP_NET_ADMIN");
        }
        if (virtioNetHeaders) {
            Memory.putInt(block, VirtioNetHeader.LENGTH);
            if (Linux.LIBC.ioctl(fd, TUNSETVNETHDRSZ, block) < 0) {
                throw new LinuxException("TUNSETVNETHDRSZ on " + name, Linux.errno(), "go without virtio-net headers");
            }
        }
    }

    /** What the kernel says of it now. Any thread. */
    public State state() {
        long block = Memory.map(4096);
        try {
            Memory.fill(block, 40, 0);
            Memory.putInt(block + 16, index);
            // by its index: somebody may have given it another name
            if (Linux.LIBC.ioctl(socket, SIOCGIFNAME, block) < 0 || Linux.LIBC.ioctl(socket, SIOCGIFFLAGS, block) < 0) {
                return State.GONE;
            }
            return (Memory.getShort(block + 16) & IFF_UP) != 0 ? State.UP : State.DOWN;
        } finally {
            Memory.unmap(block);
        }
    }

    /**
     * Makes the device anew after it was deleted, with the same descriptors as queues: who waits for packets on them need not know. It is down,
     * without addresses, and its index is another one.
     *
     * @throws LinuxException if the kernel refuses; it may be tried again
     */
    public void recreate() {
        long block = Memory.map(4096);
        try {
            for (int fd : fds) {
                if (Linux.LIBC.ioctl(fd, TUNGETIFF, block) < 0) {
                    attach(fd, block, name, fds.length > 1, headers);
                }
            }
            index = request(block, name, SIOCGIFINDEX, 0, "cannot find device " + name + " in this network namespace");
            offload(offloads);
        } finally {
            Memory.unmap(block);
        }
    }

    /** Sets the MTU, the length of the transmit queue in packets, and brings the device up. */
    public void up(int mtuBytes, int queueLength) {
        long block = Memory.map(4096);
        try {
            request(block, name, SIOCSIFMTU, mtuBytes, "cannot set MTU " + mtuBytes + " on " + name);
            request(block, name, SIOCSIFTXQLEN, queueLength, "cannot set the queue length of " + name);
            int flags = request(block, name, SIOCGIFFLAGS, 0, "cannot read the flags of " + name) & 0xFFFF;
            request(block, name, SIOCSIFFLAGS, flags | IFF_UP, "cannot bring " + name + " up");
        } finally {
            Memory.unmap(block);
        }
    }

    // An interface request through a throw-away socket: struct ifreq in and out, the int after the name.
    private static int request(long block, String name, long code, int value, String operation) {
        int socket = interfaceSocket();
        try {
            Memory.fill(block, 40, 0);
            Linux.putString(block, name);
            Memory.putInt(block + 16, value);
            Linux.check(Linux.LIBC.ioctl(socket, code, block), operation, "run as root or with CAP_NET_ADMIN");
            return Memory.getInt(block + 16);
        } finally {
            Linux.LIBC.close(socket);
        }
    }

    private static int interfaceSocket() {
        return Linux.check(Linux.LIBC.socket(Linux.AF_INET, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, 0),
                "cannot make a socket", "");
    }

    /**
     * Says which trains we take from the device and probes which it takes from us, with a packet that the kernel drops.
     * The device must be up.
     */
    public void enableTrains(boolean tcp, boolean udp) {
        if (!headers) {
            return;
        }
        udpTrains = udp && offload(TUN_F_CSUM_TSO | TUN_F_USO) && probe(true);
        tcpTrains = tcp && offload(TUN_F_CSUM_TSO | (udpTrains ? TUN_F_USO : 0)) && probe(false);
        if (!tcpTrains) {
            offload(udpTrains ? TUN_F_CSUM_TSO | TUN_F_USO : 0);
        }
    }

    /** Whether the device takes and gives TCP super-packets. */
    public boolean tcpTrains() { return tcpTrains; }

    /** Whether the device takes and gives UDP super-packets (kernel 6.2 and newer). */
    public boolean udpTrains() {
        return udpTrains;
    }

    private boolean offload(int flags) {
        for (int fd : fds) {
            if (Linux.LIBC.ioctl(fd, TUNSETOFFLOAD, flags) < 0) {
                return false;
            }
        }
        offloads = flags;
        return true;
    }

    // A super-packet from 127.0.0.2 to 127.0.0.1: its header is checked, then the kernel drops it as martian.
    private boolean probe(boolean udp) {
        long block = Memory.map(4096);
        try {
            int headerBytes = udp ? 28 : 40;
            int total = headerBytes + 64;
            long packet = block + 16;
            Memory.putShortBe(packet, 0x4500);
            Memory.putShortBe(packet + 2, total);
            Memory.putShortBe(packet + 8, 0x0100 | (udp ? 17 : 6));
            Memory.putIntBe(packet + 12, 0x7F00_0002);
            Memory.putIntBe(packet + 16, 0x7F00_0001);
            Memory.putShort(packet + 10, Checksum.finish(Checksum.sum(packet, 20)));
            Memory.putIntBe(packet + 20, 0x0009_0009);
            if (udp) {
                Memory.putShortBe(packet + 24, total - 20);
            } else {
                Memory.putShortBe(packet + 32, 0x5010);
            }
            int field = udp ? 6 : 16;
            Memory.putShort(packet + 20 + field,
                    Checksum.fold(Checksum.pseudoHeader(packet, false, udp ? 17 : 6, total - 20)));
            VirtioNetHeader.write(block, udp ? VirtioNetHeader.GSO_UDP_L4 : VirtioNetHeader.GSO_TCPV4, headerBytes, 32,
                    20, field);
            Memory.putLong(block + 1024, block);
            Memory.putLong(block + 1032, VirtioNetHeader.LENGTH);
            Memory.putLong(block + 1040, packet);
            Memory.putLong(block + 1048, total);
            return write(0, block + 1024, 2) == 0;
        } finally {
            Memory.unmap(block);
        }
    }

    /** Writes one packet given as I/O vector: 0, or the error number. Pieces that follow each other in memory cost the kernel less. */
    public int write(int queue, long iovec, int entries) {
        long first = Memory.getLong(iovec);
        long lengthBytes = Memory.getLong(iovec + 8);
        boolean whole = entries == 1;
        if (entries == 2 && first + lengthBytes == Memory.getLong(iovec + 16)) {
            lengthBytes += Memory.getLong(iovec + 24);
            whole = true;
        }
        long written = whole
                ? Linux.LIBC.write(fds[queue], first, lengthBytes)
                : Linux.LIBC.writev(fds[queue], iovec, entries);
        return written >= 0 ? 0 : Linux.errno();
    }

    /** Reads one packet: its length in bytes, virtio-net header included; 0 if there is none now. */
    public int read(int queue, long buffer, int lengthBytes) {
        return (int) Math.max(0, Linux.LIBC.read(fds[queue], buffer, lengthBytes));
    }

    /** One of its queues as the packets' path uses it. */
    public PacketQueue queue(int queue) {
        return new PacketQueue() {
            @Override
            public int read(long buffer, int lengthBytes) { return TunDevice.this.read(queue, buffer, lengthBytes); }

            @Override
            public int write(long iovec, int entries) { return TunDevice.this.write(queue, iovec, entries); }

            @Override
            public boolean virtioNetHeaders() { return headers; }
        };
    }

    /** Its name. */
    public String name() { return name; }

    /**
     * Lets the kernel take IPv4 packets from the device whose source is the device's own address; by default it drops them as martians.
     *
     * @return whether it does now; not where /proc/sys is read-only
     */
    public boolean acceptOwnAddresses() {
        try {
            Files.writeString(Path.of("/proc/sys/net/ipv4/conf", name, "accept_local"), "1");
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Its interface index; another one after {@link #recreate}. */
    public int index() { return index; }

    /** Whether packets are preceded by a virtio-net header. */
    public boolean virtioNetHeaders() { return headers; }

    /** How many queues. */
    public int queues() { return fds.length; }

    /** A queue's descriptor. */
    public int fd(int queue) { return fds[queue]; }

    @Override
    public void close() {
        for (int fd : fds) {
            Linux.LIBC.close(fd);
        }
        Linux.LIBC.close(socket);
    }
}

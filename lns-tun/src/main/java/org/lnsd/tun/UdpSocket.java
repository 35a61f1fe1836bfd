package org.lnsd.tun;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A bound UDP socket as a plain descriptor: non-blocking, tells the local address of what it receives, fragments if it must. */
public final class UdpSocket implements AutoCloseable {
    private static final int BUFFER_BYTES = 8 << 20;

    private static final int IP_MTU = 14;
    private static final int IPV6_MTU = 24;

    private final int fd;
    private final InetSocketAddress local;

    private UdpSocket(int fd, InetSocketAddress local) {
        this.fd = fd;
        this.local = local;
    }

    /**
     * Binds a socket.
     *
     * @param shared others may bind the same address and share what arrives (SO_REUSEPORT)
     * @throws LinuxException if the kernel refuses, saying why
     */
    public static UdpSocket bind(InetSocketAddress address, boolean shared) {
        boolean v6 = address.getAddress() instanceof Inet6Address;
        int fd = Linux.check(
                Linux.LIBC.socket(v6 ? Linux.AF_INET6 : Linux.AF_INET,
                        Linux.SOCK_DGRAM | Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC, 0),
                "cannot make a UDP socket", "raise the limit of open files");
        long block = Memory.map(4096);
        try {
            configure(fd, v6, shared);
            int length = SocketAddresses.write(block, address);
            Linux.check(Linux.LIBC.bind(fd, block, length),
                    "cannot bind UDP " + address.getAddress().getHostAddress() + " port " + address.getPort(),
                    "is another LNS running there, is the address on this machine, is the port allowed (CAP_NET_BIND_SERVICE)?");
            Memory.putInt(block + 64, SocketAddresses.MAXIMUM_LENGTH);
            Linux.check(Linux.LIBC.getsockname(fd, block, block + 64), "getsockname", "");
            return new UdpSocket(fd, SocketAddresses.read(block));
        } catch (LinuxException refused) {
            Linux.LIBC.close(fd);
            throw refused;
        } finally {
            Memory.unmap(block);
        }
    }

    private static void configure(int fd, boolean v6, boolean shared) {
        if (shared) {
            Linux.setInt(fd, Linux.SOL_SOCKET, Linux.SO_REUSEPORT, 1, "SO_REUSEPORT");
        }
        if (v6) {
            Linux.setInt(fd, Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY, 1, "IPV6_V6ONLY");
            Linux.setInt(fd, Linux.IPPROTO_IPV6, Linux.IPV6_RECVPKTINFO, 1, "IPV6_RECVPKTINFO");
            Linux.setInt(fd, Linux.IPPROTO_IPV6, Linux.IPV6_MTU_DISCOVER, 0, "IPV6_MTU_DISCOVER");
        } else {
            Linux.setInt(fd, Linux.IPPROTO_IP, Linux.IP_PKTINFO, 1, "IP_PKTINFO");
            Linux.setInt(fd, Linux.IPPROTO_IP, Linux.IP_MTU_DISCOVER, 0, "IP_MTU_DISCOVER");
        }
        receiveBuffer(fd, BUFFER_BYTES);
        if (Linux.trySetInt(fd, Linux.SOL_SOCKET, Linux.SO_SNDBUFFORCE, BUFFER_BYTES) < 0) {
            Linux.setInt(fd, Linux.SOL_SOCKET, Linux.SO_SNDBUF, BUFFER_BYTES, "SO_SNDBUF");
        }
    }

    // FORCE needs CAP_NET_ADMIN; without it the kernel's limit (net.core.rmem_max) holds.
    private static void receiveBuffer(int fd, int lengthBytes) {
        if (Linux.trySetInt(fd, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, lengthBytes) < 0) {
            Linux.setInt(fd, Linux.SOL_SOCKET, Linux.SO_RCVBUF, lengthBytes, "SO_RCVBUF");
        }
    }

    /** Sets the receive buffer, as far as this process may; the kernel keeps as much again for its own needs. */
    public void receiveBuffer(int lengthBytes) {
        receiveBuffer(fd, lengthBytes);
    }

    /** The descriptor. */
    public int fd() { return fd; }

    /** Address and port it is bound to. */
    public InetSocketAddress local() { return local; }

    /** The bound address as the default for {@link ReceiveBatch#localAddress}. */
    public InetAddress localAddress() {
        return local.getAddress();
    }

    /** Asks for trains (UDP_GRO); false if the kernel has none. */
    public boolean enableReceiveTrains() {
        return Linux.trySetInt(fd, Linux.SOL_UDP, Linux.UDP_GRO, 1) == 0;
    }

    /** The largest IP packet that the way to an address takes as far as the kernel knows, in bytes; 0 if it knows none. */
    public static int pathMtuBytes(InetSocketAddress peer) {
        boolean v6 = peer.getAddress() instanceof Inet6Address;
        Integer found = askKernel(peer, (fd, block) -> {
            Memory.putInt(block, 4);
            return Linux.LIBC.getsockopt(fd, v6 ? Linux.IPPROTO_IPV6 : Linux.IPPROTO_IP, v6 ? IPV6_MTU : IP_MTU,
                    block + 8,
                    block) == 0 ? Memory.getInt(block + 8) : null;
        });
        return found == null ? 0 : found;
    }

    /** The address of ours that the kernel would send from to an address, or null if there is no way to it. */
    public static @Nullable InetAddress sourceTowards(InetAddress destination) {
        return askKernel(new InetSocketAddress(destination, 9), (fd, block) -> {
            Memory.putInt(block, SocketAddresses.MAXIMUM_LENGTH);
            return Linux.LIBC.getsockname(fd, block + 8, block) == 0
                    ? SocketAddresses.read(block + 8).getAddress()
                    : null;
        });
    }

    private interface Question<T> {
        @Nullable
        T ask(int connectedFd, long block);
    }

    // By a socket that is connected for this question only; nothing is sent.
    private static <T> @Nullable T askKernel(InetSocketAddress peer, Question<T> question) {
        boolean v6 = peer.getAddress() instanceof Inet6Address;
        int fd = Linux.LIBC.socket(v6 ? Linux.AF_INET6 : Linux.AF_INET, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            return null;
        }
        long block = Memory.map(4096);
        try {
            boolean connected = Linux.LIBC.connect(fd, block, SocketAddresses.write(block, peer)) == 0;
            return connected ? question.ask(fd, block) : null;
        } finally {
            Memory.unmap(block);
            Linux.LIBC.close(fd);
        }
    }

    /** Whether the kernel cuts trains (UDP_SEGMENT). */
    public boolean canSendTrains() {
        return Linux.trySetInt(fd, Linux.SOL_UDP, Linux.UDP_SEGMENT, 0) == 0;
    }

    /**
     * Attaches the program that chooses the socket of the group (in order of binding) for each datagram; it sees the UDP
     * payload.
     */
    public void steer(BpfProgram program) { attach(fd, Linux.SO_ATTACH_REUSEPORT_CBPF, program); }

    /** Attaches a program to a socket, as the option says. */
    static void attach(int fd, int option, BpfProgram program) {
        List<BpfProgram.Instruction> instructions = program.assembled();
        long block = Memory.map(4096);
        try {
            Memory.putShort(block, instructions.size());
            Memory.putLong(block + 8, block + 16);
            long at = block + 16;
            for (BpfProgram.Instruction instruction : instructions) {
                Memory.putShort(at, instruction.code());
                Memory.putByte(at + 2, instruction.whenTrue());
                Memory.putByte(at + 3, instruction.whenFalse());
                Memory.putInt(at + 4, instruction.value());
                at += 8;
            }
            Linux.check(Linux.LIBC.setsockopt(fd, Linux.SOL_SOCKET, option, block, 16),
                    "cannot attach a program to a socket", "");
        } finally {
            Memory.unmap(block);
        }
    }

    @Override
    public void close() { Linux.LIBC.close(fd); }
}

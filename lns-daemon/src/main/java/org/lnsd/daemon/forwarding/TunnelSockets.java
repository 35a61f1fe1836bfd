package org.lnsd.daemon.forwarding;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.lnsd.tun.LinuxException;
import org.lnsd.tun.UdpSocket;
import org.lnsd.tun.UdpSocket.Instruction;

/**
 * The tunnel sockets: for each listen address a group that shares the port, the first for control, one more for each
 * forwarding thread. A program in the kernel steers: L2TP control and PPP control to the first, so that a flood of data
 * cannot crowd them out; data by tunnel id.
 */
final class TunnelSockets implements AutoCloseable {
    private static final int LOAD_HALF = 0x28;
    private static final int JUMP_BITS = 0x45;
    private static final int JUMP_GREATER_EQUAL = 0x35;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_ALWAYS = 0x05;
    private static final int MODULO = 0x94;
    private static final int ADD = 0x04;
    private static final int RETURN_VALUE = 0x06;
    private static final int RETURN_A = 0x16;
    private static final int LOAD_HALF_BEHIND_X = 0x48;
    private static final int SET_X = 0x01;
    private static final int A_TO_X = 0x07;
    private static final int X_TO_A = 0x87;
    private static final int ADD_X = 0x0C;

    private static final int T_BIT = 0x8000;
    private static final int L_BIT = 0x4000;
    private static final int S_BIT = 0x0800;
    private static final int O_BIT = 0x0200;

    private final List<List<UdpSocket>> groups = new ArrayList<>();
    private boolean receivesTrains = true;
    private boolean sendsTrains = true;

    /** Binds everything or nothing. */
    TunnelSockets(List<InetSocketAddress> listen, int threads, int bufferBytes, Offload gro, Offload gso) {
        try {
            for (InetSocketAddress address : listen) {
                List<UdpSocket> group = new ArrayList<>();
                groups.add(group);
                refuseSharing(address);
                InetSocketAddress bound = address;
                for (int i = 0; i <= threads; i++) {
                    UdpSocket socket = UdpSocket.bind(bound, true);
                    group.add(socket);
                    socket.receiveBuffer(bufferBytes);
                    bound = socket.local();
                    if (i > 0) {
                        receivesTrains &= gro != Offload.OFF && socket.enableReceiveTrains();
                    }
                }
                sendsTrains &= gso != Offload.OFF && group.getFirst().canSendTrains();
                group.getFirst().steer(steering(threads));
            }
            if (gro == Offload.ON && !receivesTrains) {
                throw new OffloadMissing("gro", "UDP_GRO");
            }
            if (gso == Offload.ON && !sendsTrains) {
                throw new OffloadMissing("gso", "UDP_SEGMENT");
            }
        } catch (LinuxException | OffloadMissing refused) {
            close();
            throw refused;
        }
    }

    // Sockets that share a port would take part of another process's packets instead of being refused.
    private static void refuseSharing(InetSocketAddress address) { UdpSocket.bind(address, false).close(); }

    // The program sees the UDP payload. Loading past its end ends the program with 0: the control socket.
    // PPP protocols from 8000 on are network control and link control protocols (RFC 1661 section 2). They go one way whatever
    // the header (RFC 2661 section 3.1), so that those of a session stay in order. Jumps count from the next instruction.
    private static List<Instruction> steering(int threads) {
        return List.of(
                new Instruction(LOAD_HALF, 0, 0, 0),
                new Instruction(JUMP_BITS, 34, 0, T_BIT),
                new Instruction(JUMP_BITS, 8, 0, L_BIT | S_BIT | O_BIT),
                // No length, sequence or offset: tunnel id at 2, PPP at 6.
                new Instruction(LOAD_HALF, 0, 0, 6),
                new Instruction(JUMP_EQUAL, 0, 1, 0xFF03),
                new Instruction(LOAD_HALF, 0, 0, 8),
                new Instruction(JUMP_GREATER_EQUAL, 29, 0, 0x8000),
                new Instruction(LOAD_HALF, 0, 0, 2),
                new Instruction(MODULO, 0, 0, threads),
                new Instruction(ADD, 0, 0, 1),
                new Instruction(RETURN_A, 0, 0, 0),
                // X: how much later PPP begins.
                new Instruction(SET_X, 0, 0, 0),
                new Instruction(JUMP_BITS, 0, 1, L_BIT),
                new Instruction(SET_X, 0, 0, 2),
                new Instruction(JUMP_BITS, 0, 4, S_BIT),
                new Instruction(X_TO_A, 0, 0, 0),
                new Instruction(ADD, 0, 0, 4),
                new Instruction(A_TO_X, 0, 0, 0),
                new Instruction(LOAD_HALF, 0, 0, 0),
                new Instruction(JUMP_BITS, 0, 4, O_BIT),
                new Instruction(LOAD_HALF_BEHIND_X, 0, 0, 6),
                new Instruction(ADD, 0, 0, 2),
                new Instruction(ADD_X, 0, 0, 0),
                new Instruction(A_TO_X, 0, 0, 0),
                new Instruction(LOAD_HALF_BEHIND_X, 0, 0, 6),
                new Instruction(JUMP_EQUAL, 0, 1, 0xFF03),
                new Instruction(LOAD_HALF_BEHIND_X, 0, 0, 8),
                new Instruction(JUMP_GREATER_EQUAL, 8, 0, 0x8000),
                // With a length the tunnel id is at 4.
                new Instruction(LOAD_HALF, 0, 0, 0),
                new Instruction(JUMP_BITS, 0, 2, L_BIT),
                new Instruction(LOAD_HALF, 0, 0, 4),
                new Instruction(JUMP_ALWAYS, 0, 0, 1),
                new Instruction(LOAD_HALF, 0, 0, 2),
                new Instruction(MODULO, 0, 0, threads),
                new Instruction(ADD, 0, 0, 1),
                new Instruction(RETURN_A, 0, 0, 0),
                new Instruction(RETURN_VALUE, 0, 0, 0));
    }

    /** How many listen addresses. */
    int count() { return groups.size(); }

    UdpSocket control(int index) { return groups.get(index).getFirst(); }

    UdpSocket data(int index, int thread) { return groups.get(index).get(thread + 1); }

    /** The descriptors a thread sends through, by listen address. */
    int[] dataDescriptors(int thread) {
        return groups.stream().mapToInt(group -> group.get(thread + 1).fd()).toArray();
    }

    /** The control sockets' descriptors, by listen address. */
    int[] controlDescriptors() {
        return groups.stream().mapToInt(group -> group.getFirst().fd()).toArray();
    }

    boolean receivesTrains() { return receivesTrains; }

    boolean sendsTrains() { return sendsTrains; }

    /** The listen address that a tunnel with this local address belongs to, or -1. */
    int indexOf(InetSocketAddress local) {
        int wildcard = -1;
        for (int i = 0; i < groups.size(); i++) {
            InetSocketAddress bound = control(i).local();
            boolean sameFamily = bound.getAddress() instanceof Inet6Address == local
                    .getAddress() instanceof Inet6Address;
            if (bound.getPort() != local.getPort() || !sameFamily) {
                continue;
            }
            if (bound.getAddress().equals(local.getAddress())) {
                return i;
            }
            wildcard = bound.getAddress().isAnyLocalAddress() ? i : wildcard;
        }
        return wildcard;
    }

    @Override
    public void close() { groups.forEach(group -> group.forEach(UdpSocket::close)); }
}

package org.lnsd.daemon.forwarding;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.lnsd.tun.LinuxException;
import org.lnsd.tun.UdpSocket;

/**
 * The tunnel sockets: for each listen address a group that shares the port, the first for control, one more for each
 * forwarding thread. A {@link SteeringProgram} in the kernel gives L2TP control and PPP control to the first, so that a flood of data
 * cannot crowd them out; data by tunnel id to the others.
 */
final class TunnelSockets implements AutoCloseable {
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
                group.getFirst().steer(SteeringProgram.of(threads));
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

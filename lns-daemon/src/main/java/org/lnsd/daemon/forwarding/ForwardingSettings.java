package org.lnsd.daemon.forwarding;

import java.net.InetSocketAddress;
import java.util.List;
import org.lnsd.daemon.net.IpPrefix;

/**
 * How the engine is set up.
 *
 * @param listen         tunnel sockets' addresses, IPv4 and IPv6, wildcard allowed
 * @param threads        forwarding threads; 0: one a core
 * @param maximumRows    most sessions at once
 * @param tun            the device, see {@link Tun}
 * @param offloads       which offloads are used, see {@link Offloads}
 * @param socketBufferBytes receive buffer of each tunnel socket
 * @param selectBySource choose the session of a packet from the device by its source address: the LAC's end
 */
public record ForwardingSettings(List<InetSocketAddress> listen, int threads, int maximumRows, Tun tun,
        Offloads offloads, int socketBufferBytes, boolean selectBySource) {
    /** The receive buffer of a tunnel socket where nobody says another size. */
    public static final int SOCKET_BUFFER_BYTES = 8 << 20;

    public ForwardingSettings {
        listen = List.copyOf(listen);
    }

    /**
     * The device.
     *
     * @param name        interface name, at most 15 characters
     * @param mtu         its MTU in bytes
     * @param queues      0: one a forwarding thread
     * @param queueLength its transmit queue in packets
     * @param addresses   our own addresses, put on the device; the first of a family is the source of our ICMP errors
     */
    public record Tun(String name, int mtu, int queues, int queueLength, List<IpPrefix> addresses) {
        public Tun {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Offloads, each for itself.
     *
     * @param gro         UDP_GRO: trains from the tunnel socket
     * @param gso         UDP_SEGMENT: trains to the tunnel socket
     * @param vnet        virtio-net header on the device: TSO and unfinished checksums from it
     * @param tcpCoalesce TCP trains to the device; needs vnet
     * @param udpCoalesce UDP trains to and from the device; needs vnet
     */
    public record Offloads(Offload gro, Offload gso, Offload vnet, Offload tcpCoalesce, Offload udpCoalesce) {
        /** Every offload the same. */
        public static Offloads all(Offload value) {
            return new Offloads(value, value, value, value, value);
        }
    }

    /** The settings of a plain LNS: everything the kernel offers, a thread a core, 131,072 sessions. */
    public static ForwardingSettings of(List<InetSocketAddress> listen, String tunName, List<IpPrefix> tunAddresses) {
        return new ForwardingSettings(listen, 0, 131_072, new Tun(tunName, 1500, 0, 4096, tunAddresses),
                Offloads.all(Offload.AUTO), SOCKET_BUFFER_BYTES, false);
    }
}

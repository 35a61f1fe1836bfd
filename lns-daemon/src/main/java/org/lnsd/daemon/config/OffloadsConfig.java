package org.lnsd.daemon.config;

/**
 * The inline table {@code forwarding.offloads}; each needs {@code tun.offload}.
 *
 * @param gro    trains of datagrams from the tunnel sockets (UDP_GRO)
 * @param gso    trains of datagrams to the tunnel sockets (UDP_SEGMENT)
 * @param virtio a virtio-net header before each packet of the device
 * @param tso    TCP super-packets through the device; needs virtio
 * @param uso    UDP super-packets through the device; needs virtio
 */
public record OffloadsConfig(OffloadChoice gro, OffloadChoice gso, OffloadChoice virtio, OffloadChoice tso,
        OffloadChoice uso) {}

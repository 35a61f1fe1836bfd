package org.lnsd.daemon.aaa.radius;

import java.net.Inet4Address;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;

import org.lnsd.daemon.config.RadiusConfig;
import org.lnsd.radius.AttributeType;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;

/**
 * Who we are to a RADIUS server.
 *
 * @param name NAS-Identifier
 * @param address NAS-IP-Address or NAS-IPv6-Address
 */
public record NasIdentity(String name, Optional<InetAddress> address) {
    private static final int ANY_PORT = 1812;

    /** The identity of a configuration; without an address there, the one that requests come from. */
    public static NasIdentity of(String name, RadiusConfig config) {
        return new NasIdentity(name,
                config.nasIpAddress().or(config::sourceAddress)
                        .or(() -> routed(config.servers().getFirst().address())));
    }

    /** What the kernel would send from; nothing is sent. */
    private static Optional<InetAddress> routed(InetAddress server) {
        try (DatagramSocket probe = new DatagramSocket()) {
            probe.connect(new InetSocketAddress(server, ANY_PORT));
            return Optional.of(probe.getLocalAddress()).filter(local -> !local.isAnyLocalAddress());
        } catch (SocketException | UncheckedIOException unreachable) {
            return Optional.empty();
        }
    }

    /** Adds what names this node to a request. */
    void addTo(List<RadiusAttribute> attributes) {
        address.ifPresent(nas -> attributes.add(RadiusAttribute.address(typeOf(nas), nas)));
        attributes.add(RadiusAttribute.text(Attributes.NAS_IDENTIFIER, name));
    }

    private static AttributeType typeOf(InetAddress nas) {
        return nas instanceof Inet4Address ? Attributes.NAS_IP_ADDRESS : Attributes.NAS_IPV6_ADDRESS;
    }
}

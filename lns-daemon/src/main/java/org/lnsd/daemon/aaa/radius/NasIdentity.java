package org.lnsd.daemon.aaa.radius;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

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
    /** Adds what names this node to a request. */
    void addTo(List<RadiusAttribute> attributes) {
        address.ifPresent(nas -> attributes.add(RadiusAttribute.address(typeOf(nas), nas)));
        attributes.add(RadiusAttribute.text(Attributes.NAS_IDENTIFIER, name));
    }

    private static AttributeType typeOf(InetAddress nas) {
        return nas instanceof Inet4Address ? Attributes.NAS_IP_ADDRESS : Attributes.NAS_IPV6_ADDRESS;
    }
}

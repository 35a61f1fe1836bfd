package org.lnsd.daemon.ipv6;

import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.session.AssignedAddresses;
import org.lnsd.daemon.session.LinkServices;
import org.lnsd.daemon.session.LinkServicesFactory;
import org.lnsd.daemon.session.SessionGrant;
import org.lnsd.daemon.session.SessionSettings;
import org.lnsd.ppp.ipv6.AdvertisedPrefix;
import org.lnsd.ppp.ipv6.Dhcp6Settings;
import org.lnsd.ppp.ipv6.Ipv6Address;
import org.lnsd.ppp.ipv6.Ipv6Prefix;
import org.lnsd.ppp.ipv6.RouterSettings;

/** Turns what a subscriber was granted into what its link advertises and leases. */
public final class Ipv6ServicesFactory implements LinkServicesFactory {

    /** Lifetimes of what is advertised and leased; a line that is renumbered is told at once, and hosts forget what a line that died had. */
    static final long PREFERRED_SECONDS = 3600;
    static final long VALID_SECONDS = 7200;
    private static final int SLAAC_LENGTH = 64;

    private final byte[] serverDuid;
    private final RandomGenerator random;
    private final ByteBufAllocator allocator;

    /** @param nodeName names the server: its DUID stays as long as the name does */
    public Ipv6ServicesFactory(String nodeName, RandomGenerator random, ByteBufAllocator allocator) {
        this.serverDuid = duid(nodeName);
        this.random = random;
        this.allocator = allocator;
    }

    /** A DUID-UUID (RFC 6355) of the node's name. */
    static byte[] duid(String nodeName) {
        UUID uuid = UUID.nameUUIDFromBytes(("lnsd DHCPv6 server " + nodeName).getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(18).putShort((short) 4).putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits()).array();
    }

    @Override
    public LinkServices start(SessionSettings settings, SessionGrant grant, long localInterfaceId, long peerInterfaceId,
            long nowNs) {
        SubscriberIpv6 services = new SubscriberIpv6(this, settings, grant, localInterfaceId, peerInterfaceId, random,
                allocator);
        services.start(nowNs);
        return services;
    }

    RouterSettings router(SessionSettings settings, SessionGrant grant, Ipv6Address linkLocal) {
        List<AdvertisedPrefix> prefixes = new ArrayList<>(1);
        for (IpPrefix prefix : grant.addresses().ipv6Prefixes()) {
            boolean autonomous = prefix.length() == SLAAC_LENGTH; // RFC 4862 section 5.5.3 d
            prefixes.add(new AdvertisedPrefix(prefix(prefix), PREFERRED_SECONDS, VALID_SECONDS, true, autonomous));
        }
        return RouterSettings.of(linkLocal, prefixes, settings.ppp().mru(), dns(settings, grant),
                settings.ppp().dnsSearch(),
                !grant.addresses().ipv6Addresses().isEmpty());
    }

    Dhcp6Settings dhcp(SessionSettings settings, SessionGrant grant, Ipv6Address linkLocal,
            long peerInterfaceId) {
        AssignedAddresses addresses = grant.addresses();
        List<Ipv6Address> single = new ArrayList<>(1);
        addresses.ipv6Addresses().forEach(address -> single.add(Ipv6Address.of(address.getAddress())));
        if (single.isEmpty()) {
            // A router that asks for an address gets the one that it would form itself.
            addresses.ipv6Prefixes().stream().filter(prefix -> prefix.length() == SLAAC_LENGTH).findFirst()
                    .ifPresent(prefix -> single.add(new Ipv6Address(prefix(prefix).address().high(), peerInterfaceId)));
        }
        return new Dhcp6Settings(linkLocal, serverDuid,
                addresses.ipv6Delegated().stream().map(Ipv6ServicesFactory::prefix).toList(), single,
                PREFERRED_SECONDS, VALID_SECONDS, dns(settings, grant), settings.ppp().dnsSearch(), true);
    }

    private static List<Ipv6Address> dns(SessionSettings settings, SessionGrant grant) {
        var servers = grant.profile().dns6().isEmpty() ? settings.ppp().dnsIpv6() : grant.profile().dns6();
        return servers.stream().map(server -> Ipv6Address.of(server.getAddress())).toList();
    }

    private static Ipv6Prefix prefix(IpPrefix prefix) {
        return new Ipv6Prefix(Ipv6Address.of(prefix.address().getAddress()), prefix.length());
    }
}

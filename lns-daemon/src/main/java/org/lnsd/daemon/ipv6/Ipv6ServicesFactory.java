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
    private static final int ADDRESS_LENGTH = 128;
    /** RFC 8200 section 5; hosts do not hear of less. */
    private static final int MINIMUM_MTU_BYTES = 1280;
    /** What fits beside the prefixes into one advertisement (RFC 4861 section 6.2.3); hosts use three. */
    private static final int MOST_SERVERS = 8;

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
            int mtuBytes, long nowNs) {
        SubscriberIpv6 services = new SubscriberIpv6(this, settings, grant, localInterfaceId, peerInterfaceId, mtuBytes,
                random, allocator);
        services.start(nowNs);
        return services;
    }

    RouterSettings router(SessionSettings settings, SessionGrant grant, Ipv6Address linkLocal, int mtuBytes) {
        List<AdvertisedPrefix> prefixes = new ArrayList<>(1);
        for (IpPrefix prefix : grant.addresses().ipv6Prefixes()) {
            if (prefix.length() == ADDRESS_LENGTH) {
                continue; // DHCPv6 gives it
            }
            boolean autonomous = prefix.length() == SLAAC_LENGTH; // RFC 4862 section 5.5.3 d
            prefixes.add(new AdvertisedPrefix(prefix(prefix), PREFERRED_SECONDS, VALID_SECONDS, true, autonomous));
        }
        return RouterSettings.of(linkLocal, prefixes, mtuBytes < MINIMUM_MTU_BYTES ? 0 : mtuBytes, dns(settings, grant),
                settings.ppp().dnsSearch(),
                !singleAddresses(grant.addresses()).isEmpty());
    }

    Dhcp6Settings dhcp(SessionSettings settings, SessionGrant grant, Ipv6Address linkLocal,
            long peerInterfaceId) {
        AssignedAddresses addresses = grant.addresses();
        List<Ipv6Address> single = singleAddresses(addresses);
        if (single.isEmpty()) {
            // A router that asks for an address gets the one that it would form itself.
            addresses.ipv6Prefixes().stream().filter(prefix -> prefix.length() == SLAAC_LENGTH).findFirst()
                    .ifPresent(prefix -> single.add(new Ipv6Address(prefix(prefix).address().high(), peerInterfaceId)));
        }
        return new Dhcp6Settings(linkLocal, serverDuid,
                addresses.ipv6Delegated().stream().map(Ipv6ServicesFactory::prefix).toList(), single,
                addresses.ipv6Prefixes().stream().map(Ipv6ServicesFactory::prefix).toList(), PREFERRED_SECONDS,
                VALID_SECONDS, dns(settings, grant), settings.ppp().dnsSearch(), true);
    }

    /** The addresses that only DHCPv6 gives; a Framed-IPv6-Prefix of 128 bits is one. */
    private static List<Ipv6Address> singleAddresses(AssignedAddresses addresses) {
        List<Ipv6Address> single = new ArrayList<>(1);
        addresses.ipv6Addresses().forEach(address -> single.add(Ipv6Address.of(address.getAddress())));
        addresses.ipv6Prefixes().stream().filter(prefix -> prefix.length() == ADDRESS_LENGTH)
                .forEach(prefix -> single.add(prefix(prefix).address()));
        return single;
    }

    private static List<Ipv6Address> dns(SessionSettings settings, SessionGrant grant) {
        var servers = grant.profile().dns6().isEmpty() ? settings.ppp().dnsIpv6() : grant.profile().dns6();
        return servers.stream().limit(MOST_SERVERS).map(server -> Ipv6Address.of(server.getAddress())).toList();
    }

    private static Ipv6Prefix prefix(IpPrefix prefix) {
        return new Ipv6Prefix(Ipv6Address.of(prefix.address().getAddress()), prefix.length());
    }
}

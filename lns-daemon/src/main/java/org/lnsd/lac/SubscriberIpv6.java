package org.lnsd.lac;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.ppp.ipv6.AdvertisedPrefix;
import org.lnsd.ppp.ipv6.Dhcp6Client;
import org.lnsd.ppp.ipv6.Ipv6Address;
import org.lnsd.ppp.ipv6.Ipv6Prefix;
import org.lnsd.ppp.ipv6.RouterSolicitor;

/** What a subscriber's router does above IPv6CP: an address from the router advertisement (RFC 4862), a prefix by DHCPv6 (RFC 8415). */
final class SubscriberIpv6 {

    private static final int ADDRESS_CONTROL = 0xFF03;
    private static final int PROTOCOL_IPV6 = 0x0057;
    private static final int INTERFACE_ID_BITS = 64;
    /** Type of a DUID made of a link-layer address, and of EUI-64 hardware (RFC 8415 section 11.4). */
    private static final byte[] DUID_PREFIX = {0, 3, 0, 27};

    private final Subscriber subscriber;
    private final DeviceAddresses addresses;
    private final long localInterfaceId;
    private final RouterSolicitor solicitor;
    private final boolean wantsPrefix;
    private final boolean wantsAddress;
    private final @Nullable Dhcp6Client dhcp;
    private Optional<IpPrefix> onLink = Optional.empty();
    private Optional<IpPrefix> address = Optional.empty();
    private Optional<IpPrefix> delegated = Optional.empty();
    private Optional<IpPrefix> delegatedAddress = Optional.empty();
    private Optional<IpPrefix> leased = Optional.empty();
    private final Set<Ipv6Address> dnsServers = new LinkedHashSet<>(2);
    private boolean heard;

    SubscriberIpv6(Subscriber subscriber, Emulator emulator, long localInterfaceId) {
        this.subscriber = subscriber;
        this.addresses = emulator.addresses();
        this.localInterfaceId = localInterfaceId;
        Ipv6Address linkLocal = Ipv6Address.linkLocal(localInterfaceId);
        solicitor = new RouterSolicitor(linkLocal, emulator.allocator());
        SubscriberOptions wanted = emulator.plan().subscribers();
        wantsPrefix = wanted.prefixDelegation;
        wantsAddress = wanted.addressLease;
        dhcp = wantsPrefix || wantsAddress
                ? new Dhcp6Client(linkLocal, duid(subscriber.number()), wantsPrefix, wantsAddress, false,
                        emulator.random(), emulator.allocator())
                : null;
    }

    /** The same for a subscriber from one run to the next, so that the LNS can give the same prefix again. */
    private static byte[] duid(int number) {
        byte[] duid = new byte[DUID_PREFIX.length + Long.BYTES];
        System.arraycopy(DUID_PREFIX, 0, duid, 0, DUID_PREFIX.length);
        duid[DUID_PREFIX.length] = 0x02; // locally administered
        for (int index = 0; index < Integer.BYTES; index++) {
            duid[duid.length - 1 - index] = (byte) (number >>> (Byte.SIZE * index));
        }
        return duid;
    }

    void start(long nowNs) {
        solicitor.start(nowNs);
        if (dhcp != null) {
            dhcp.start(nowNs);
        }
        drain();
    }

    /** Borrows a PPP frame; returns whether it was an IPv6 packet, hence not for PPP. */
    boolean onFrame(ByteBuf pppFrame, long nowNs) {
        int start = pppFrame.readerIndex();
        if (pppFrame.readableBytes() > Short.BYTES && pppFrame.getUnsignedShort(start) == ADDRESS_CONTROL) {
            start += Short.BYTES;
        }
        int end = pppFrame.writerIndex();
        if (start < end && pppFrame.getUnsignedByte(start) == PROTOCOL_IPV6) {
            start++;
        } else if (start + Short.BYTES <= end && pppFrame.getUnsignedShort(start) == PROTOCOL_IPV6) {
            start += Short.BYTES;
        } else {
            return false;
        }
        ByteBuf packet = pppFrame.slice(start, end - start);
        solicitor.onPacket(packet);
        if (dhcp != null) {
            dhcp.onPacket(packet, nowNs);
        }
        drain();
        return true;
    }

    void onTimeout(long nowNs) {
        solicitor.onTimeout(nowNs);
        if (dhcp != null) {
            dhcp.onTimeout(nowNs);
        }
        drain();
    }

    long nextDeadlineNs() {
        return dhcp == null ? solicitor.nextDeadlineNs() : Math.min(solicitor.nextDeadlineNs(), dhcp.nextDeadlineNs());
    }

    /** Returns whether everything that was wanted is there. */
    boolean complete() {
        boolean formed = address.isPresent() || heard && dhcp != null && onLink.isEmpty();
        return formed && (!wantsPrefix || delegated.isPresent()) && (!wantsAddress || leased.isPresent());
    }

    /** Returns the prefixes whose addresses are the subscriber's. */
    List<IpPrefix> prefixes() {
        List<IpPrefix> prefixes = new ArrayList<>(2);
        onLink.ifPresent(prefixes::add);
        delegated.ifPresent(prefixes::add);
        leased.ifPresent(prefixes::add);
        return prefixes;
    }

    String addressText() { return address.map(prefix -> IpAddresses.format(prefix.address())).orElse(""); }

    String delegatedText() { return delegated.map(IpPrefix::toString).orElse(""); }

    String leasedText() { return leased.map(prefix -> IpAddresses.format(prefix.address())).orElse(""); }

    String dnsText() { return String.join(" ", dnsServers.stream().map(Ipv6Address::toString).toList()); }

    /** Takes the addresses off the device. */
    void close() {
        leased = replace(leased, Optional.empty());
        address = replace(address, Optional.empty());
        delegatedAddress = replace(delegatedAddress, Optional.empty());
    }

    private void drain() {
        for (ByteBuf packet = solicitor.pollTransmit(); packet != null; packet = solicitor.pollTransmit()) {
            subscriber.sendPacket(packet);
        }
        for (RouterSolicitor.Advertisement heard = solicitor.pollEvent(); heard != null; heard = solicitor
                .pollEvent()) {
            onAdvertisement(heard);
        }
        if (dhcp != null) {
            drain(dhcp);
        }
    }

    private void drain(Dhcp6Client client) {
        for (ByteBuf packet = client.pollTransmit(); packet != null; packet = client.pollTransmit()) {
            subscriber.sendPacket(packet);
        }
        for (Dhcp6Client.Event event = client.pollEvent(); event != null; event = client.pollEvent()) {
            switch (event) {
                case Dhcp6Client.Event.Bound bound -> {
                    dnsServers.addAll(bound.dnsServers());
                    delegate(bound.delegated().stream().findFirst());
                    leased = replace(leased, bound.addresses().stream().findFirst().map(SubscriberIpv6::host));
                }
                case Dhcp6Client.Event.Unbound _ -> {
                    delegate(Optional.empty());
                    leased = replace(leased, Optional.empty());
                }
            }
        }
    }

    private void onAdvertisement(RouterSolicitor.Advertisement said) {
        heard = true;
        dnsServers.addAll(said.dnsServers());
        Optional<AdvertisedPrefix> usable = said.prefixes().stream()
                .filter(offered -> offered.autonomous() && offered.preferredSeconds() > 0
                        && offered.prefix().length() == INTERFACE_ID_BITS)
                .findFirst();
        Optional<Ipv6Prefix> prefix = usable.map(AdvertisedPrefix::prefix);
        onLink = prefix.map(SubscriberIpv6::prefix);
        address = replace(address,
                prefix.map(network -> host(new Ipv6Address(network.address().high(), localInterfaceId))));
    }

    /** A router puts the first address of what was delegated on its inner interface; here it goes on the device. */
    private void delegate(Optional<Ipv6Prefix> prefix) {
        delegated = prefix.map(SubscriberIpv6::prefix);
        delegatedAddress = replace(delegatedAddress,
                prefix.map(network -> host(new Ipv6Address(network.address().high(), network.address().low() | 1))));
    }

    private Optional<IpPrefix> replace(Optional<IpPrefix> former, Optional<IpPrefix> next) {
        if (!former.equals(next)) {
            former.ifPresent(addresses::remove);
            next.ifPresent(addresses::add);
        }
        return next;
    }

    private static IpPrefix prefix(Ipv6Prefix prefix) {
        return new IpPrefix(IpAddresses.ofBytes(prefix.address().octets()), prefix.length());
    }

    private static IpPrefix host(Ipv6Address address) { return IpPrefix.ofHost(IpAddresses.ofBytes(address.octets())); }
}

package org.lnsd.daemon.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.session.LinkServices;
import org.lnsd.daemon.session.SessionGrant;
import org.lnsd.daemon.session.SessionSettings;
import org.lnsd.ppp.ipv6.Dhcp6Event;
import org.lnsd.ppp.ipv6.Dhcp6Server;
import org.lnsd.ppp.ipv6.Ipv6Address;
import org.lnsd.ppp.ipv6.Ipv6Packet;
import org.lnsd.ppp.ipv6.Ipv6Prefix;
import org.lnsd.ppp.ipv6.RouterAdvertiser;

/** Router advertisements and DHCPv6 on one subscriber's link. */
final class SubscriberIpv6 implements LinkServices {

    private static final int NEXT_HEADER_OFFSET = 6;

    private final Ipv6ServicesFactory factory;
    private final Ipv6Address linkLocal;
    private final long peerInterfaceId;
    private final RouterAdvertiser router;
    private final Dhcp6Server dhcp;
    private final int mtuBytes;
    private long malformed;
    private final Set<IpPrefix> leased = new LinkedHashSet<>(1);

    SubscriberIpv6(Ipv6ServicesFactory factory, SessionSettings settings, SessionGrant grant, long localInterfaceId,
            long peerInterfaceId, int mtuBytes, RandomGenerator random, ByteBufAllocator allocator) {
        this.factory = factory;
        this.linkLocal = Ipv6Address.linkLocal(localInterfaceId);
        this.peerInterfaceId = peerInterfaceId;
        this.mtuBytes = mtuBytes;
        this.router = new RouterAdvertiser(factory.router(settings, grant, linkLocal, mtuBytes), random, allocator);
        this.dhcp = new Dhcp6Server(factory.dhcp(settings, grant, linkLocal, peerInterfaceId), allocator);
    }

    void start(long nowNs) { router.start(nowNs); }

    @Override
    public void onPacket(ByteBuf ipv6Packet, long nowNs) {
        if (!Ipv6Packet.isWhole(ipv6Packet)) {
            malformed++;
        } else if (!router.isForAnother(ipv6Packet, nowNs)) {
            open(ipv6Packet, nowNs);
        }
    }

    private void open(ByteBuf ipv6Packet, long nowNs) {
        if (!Ipv6Packet.hasExtensionHeaders(ipv6Packet)) {
            take(ipv6Packet, nowNs);
            return;
        }
        ByteBuf opened = router.open(ipv6Packet, nowNs);
        if (opened != null) {
            take(opened, nowNs);
            opened.release();
        }
    }

    private void take(ByteBuf ipv6Packet, long nowNs) {
        if (Dhcp6Server.isForServers(ipv6Packet)) {
            dhcp.onPacket(ipv6Packet, nowNs);
            followLeases();
        } else if (ipv6Packet.getUnsignedByte(ipv6Packet.readerIndex() + NEXT_HEADER_OFFSET) == Ipv6Packet.ICMPV6) {
            router.onPacket(ipv6Packet, nowNs);
        } else {
            router.onOther(ipv6Packet, nowNs);
        }
    }

    @Override
    public void onTimeout(long nowNs) {
        router.onTimeout(nowNs);
        dhcp.onTimeout(nowNs);
        followLeases();
    }

    @Override
    public void update(SessionSettings settings, SessionGrant grant, long nowNs) {
        router.update(factory.router(settings, grant, linkLocal, mtuBytes), nowNs);
        dhcp.update(factory.dhcp(settings, grant, linkLocal, peerInterfaceId));
        followLeases();
    }

    private void followLeases() {
        for (Dhcp6Event event = dhcp.pollEvent(); event != null; event = dhcp.pollEvent()) {
            Ipv6Prefix prefix = event.prefix();
            IpPrefix network = IpPrefix.of(IpAddresses.ofBytes(prefix.address().octets()), prefix.length());
            switch (event) {
                case Dhcp6Event.Granted _ -> leased.add(network);
                case Dhcp6Event.Ended _ -> leased.remove(network);
            }
        }
    }

    @Override
    public long nextDeadlineNs() { return Math.min(router.nextDeadlineNs(), dhcp.nextDeadlineNs()); }

    @Override
    public @Nullable ByteBuf pollTransmit() {
        ByteBuf packet = router.pollTransmit();
        return packet != null ? packet : dhcp.pollTransmit();
    }

    @Override
    public List<IpPrefix> leased() { return List.copyOf(leased); }

    @Override
    public long dropped() { return malformed + router.dropped() + dhcp.dropped(); }

    @Override
    public void close() {
        router.close();
        dhcp.close();
    }
}

package org.lnsd.ppp.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lnsd.ppp.ipv6.Dhcp6Option.Duid;

/**
 * Mutations of valid packets to the decoders and machines of neighbour discovery and DHCPv6, half of them with the checksum mended so that they are read to
 * the end; {@code -Dlnsd.mutations=N} says how many.
 */
class Ipv6MutationTest {
    private static final int MUTATIONS = Integer.getInteger("lnsd.mutations", 10_000);
    private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;
    private static final Ipv6Prefix LINK = new Ipv6Prefix(new Ipv6Address(0x20010db8_0100_0001L, 0), 64);
    private static final RouterSettings SETTINGS = RouterSettings.of(Dhcp6Link.SERVER,
            List.of(new AdvertisedPrefix(LINK, 3600, 7200, true, true)), 1500, List.of(Dhcp6Link.DNS),
            List.of("example.net"), false);

    private final Dhcp6Server server = new Dhcp6Link(Dhcp6Link.settings(List.of(Dhcp6Link.PREFIX,
            Dhcp6Link.SECOND_PREFIX), List.of(Dhcp6Link.ADDRESS))).server;
    private final RouterAdvertiser advertiser = new RouterAdvertiser(SETTINGS, new java.util.Random(1), ALLOCATOR);
    private final RouterSolicitor solicitor = new RouterSolicitor(Dhcp6Link.CLIENT, ALLOCATOR);
    private final Dhcp6Client client = new Dhcp6Client(Dhcp6Link.CLIENT, Dhcp6Link.CLIENT_DUID, true, true, true,
            new java.util.Random(1), ALLOCATOR);
    private long nowNs;
    private long answers;

    @Test
    void everyMutationIsAnsweredOrDropped() { // RFC 8415 section 16, RFC 4861 sections 6.1 and 7.1
        long seed = 4861;
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> seeds = List.of(dhcp(Dhcp6Message.SOLICIT), dhcp(Dhcp6Message.REQUEST), dhcp(Dhcp6Message.RENEW),
                dhcp(Dhcp6Message.REBIND), dhcp(Dhcp6Message.RELEASE), dhcp(Dhcp6Message.DECLINE),
                dhcp(Dhcp6Message.CONFIRM), dhcp(Dhcp6Message.INFORMATION_REQUEST), dhcp(Dhcp6Message.REPLY),
                octets(NeighborDiscovery.routerSolicitation(ALLOCATOR, Dhcp6Link.CLIENT)),
                octets(NeighborDiscovery.routerAdvertisement(ALLOCATOR, SETTINGS, List.of(), List.of(), false,
                        Ipv6Address.ALL_NODES)),
                octets(NeighborDiscovery.neighborAdvertisement(ALLOCATOR, Dhcp6Link.SERVER, Dhcp6Link.CLIENT)));
        advertiser.start(0);
        client.start(0);
        ByteBuf packet = Unpooled.buffer(2048);
        for (int i = 0; i < MUTATIONS; i++) {
            mutate(seeds.get(random.nextInt(seeds.size())), packet, random);
            try {
                feed(packet);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", mutation " + i, e);
            }
        }
        packet.release();
        server.close();
        advertiser.close();
        assertThat(answers).as("some are still valid").isPositive();
        System.out.println("mutations " + MUTATIONS + ", answers " + answers + ", dropped "
                + (server.dropped() + advertiser.dropped()));
    }

    private void feed(ByteBuf packet) {
        nowNs += Dhcp6Link.SECOND;
        server.onPacket(packet, nowNs);
        advertiser.onPacket(packet, nowNs);
        solicitor.onPacket(packet);
        client.onPacket(packet, nowNs);
        server.onTimeout(nowNs);
        advertiser.onTimeout(nowNs);
        client.onTimeout(nowNs);
        while (server.pollEvent() != null || solicitor.pollEvent() != null || client.pollEvent() != null) {
            // nobody is interested
        }
        answers += drain(server.pollTransmit()) + drain(advertiser.pollTransmit());
        drain(client.pollTransmit());
        drain(solicitor.pollTransmit());
    }

    private static int drain(@org.jspecify.annotations.Nullable ByteBuf sent) {
        if (sent == null) {
            return 0;
        }
        sent.release();
        return 1;
    }

    private static void mutate(byte[] seed, ByteBuf packet, SplittableRandom random) {
        packet.clear().writeBytes(seed);
        for (int flips = random.nextInt(5); flips > 0; flips--) {
            int at = random.nextInt(4) == 0 ? random.nextInt(40) : 40 + random.nextInt(seed.length - 40);
            packet.setByte(at, random.nextInt(3) == 0 ? random.nextInt(2) * 255 : random.nextInt(256));
        }
        if (random.nextInt(5) == 0) {
            packet.writerIndex(random.nextInt(seed.length + 1));
        }
        if (random.nextBoolean() && packet.readableBytes() > 48) {
            int next = packet.getByte(6);
            if (next == Ipv6Packet.UDP) {
                Ipv6Packet.finishUdp(packet);
            } else if (next == Ipv6Packet.ICMPV6) {
                Ipv6Packet.finish(packet, 2);
            }
        }
    }

    private static byte[] dhcp(int type) {
        boolean toServer = type != Dhcp6Message.REPLY;
        ByteBuf packet = toServer
                ? Ipv6Packet.beginUdp(ALLOCATOR, Dhcp6Link.CLIENT, 546, Ipv6Address.ALL_DHCP_SERVERS, 547)
                : Ipv6Packet.beginUdp(ALLOCATOR, Dhcp6Link.SERVER, 547, Dhcp6Link.CLIENT, 546);
        boolean named = !toServer || type == Dhcp6Message.REQUEST || type == Dhcp6Message.RENEW
                || type == Dhcp6Message.RELEASE || type == Dhcp6Message.DECLINE;
        List<Dhcp6Option> options = new java.util.ArrayList<>(
                List.of(new Dhcp6Option.ClientId(new Duid(Dhcp6Link.CLIENT_DUID)),
                        new Dhcp6Option.OptionRequest(List.of(23, 24, 32)),
                        new Dhcp6Option.DnsServers(List.of(Dhcp6Link.DNS)),
                        new Dhcp6Option.DomainList(List.of("example.net"))));
        if (named) {
            options.add(new Dhcp6Option.ServerId(new Duid(Dhcp6Link.SERVER_DUID)));
        }
        if (type != Dhcp6Message.INFORMATION_REQUEST) {
            options.add(Dhcp6Link.na(2, Dhcp6Link.ADDRESS));
            options.add(new Dhcp6Option.TemporaryAssociation(3,
                    Optional.of(new Dhcp6Option.Status(0, "x"))));
            options.add(Dhcp6Link.pd(1, Dhcp6Link.PREFIX, Dhcp6Link.SECOND_PREFIX));
        }
        Dhcp6Codec.encode(new Dhcp6Message(type, 5, options), packet);
        Ipv6Packet.finishUdp(packet);
        return octets(packet);
    }

    private static byte[] octets(ByteBuf packet) {
        byte[] octets = new byte[packet.readableBytes()];
        packet.readBytes(octets);
        packet.release();
        return octets;
    }
}

package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.lnsd.ppp.ipv6.Dhcp6Option.Association;
import org.lnsd.ppp.ipv6.Dhcp6Option.Lease;

/** A server and a hand that writes to it messages of any kind. */
final class Dhcp6Link {
    static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;
    static final long SECOND = 1_000_000_000L;
    static final byte[] OTHER_DUID = {0, 3, 0, 1, 2, 0, 0, 0, 0, 3};
    static final Ipv6Address SERVER = Ipv6Address.linkLocal(1);
    static final Ipv6Address CLIENT = Ipv6Address.linkLocal(2);
    static final byte[] SERVER_DUID = {0, 3, 0, 1, 2, 0, 0, 0, 0, 1};
    static final byte[] CLIENT_DUID = {0, 3, 0, 1, 2, 0, 0, 0, 0, 2};
    static final Ipv6Prefix PREFIX = prefix(0x20010db8_4000_0100L);
    static final Ipv6Prefix SECOND_PREFIX = prefix(0x20010db8_4000_0200L);
    static final Ipv6Address ADDRESS = new Ipv6Address(0x20010db8_0100_0001L, 0x10);
    static final Ipv6Address DNS = new Ipv6Address(0x262000fe_00000000L, 0xfe);
    static final Ipv6Prefix LINK = new Ipv6Prefix(new Ipv6Address(0x20010db8_0100_0001L, 0), 64);

    final Dhcp6Server server;
    private final Dhcp6Option.Duid client = new Dhcp6Option.Duid(CLIENT_DUID);

    Dhcp6Link(Dhcp6Settings settings) { server = new Dhcp6Server(settings, ALLOCATOR); }

    static Ipv6Prefix prefix(long high) { return new Ipv6Prefix(new Ipv6Address(high, 0), 56); }

    static Dhcp6Settings settings(List<Ipv6Prefix> delegated, List<Ipv6Address> addresses) {
        return new Dhcp6Settings(SERVER, SERVER_DUID, delegated, addresses, List.of(LINK), 3600, 7200, List.of(DNS),
                List.of("example.net"), true);
    }

    static Association pd(int iaid, Ipv6Prefix... prefixes) { return association(true, iaid, prefixes); }

    static Association na(int iaid, Ipv6Address... addresses) {
        return association(false, iaid,
                Arrays.stream(addresses).map(a -> new Ipv6Prefix(a, 128)).toArray(Ipv6Prefix[]::new));
    }

    private static Association association(boolean delegation, int iaid, Ipv6Prefix... prefixes) {
        return new Association(delegation, iaid, 0, 0, Arrays.stream(prefixes).map(p -> new Lease(p, 0, 0)).toList(),
                Optional.empty());
    }

    /** The same from a client of this DUID. */
    Optional<Dhcp6Message> askAs(byte[] duid, int type, boolean named, long nowNs, Dhcp6Option... options) {
        List<Dhcp6Option> all = new ArrayList<>(List.of(options));
        all.add(new Dhcp6Option.ClientId(new Dhcp6Option.Duid(duid)));
        if (named) {
            all.add(new Dhcp6Option.ServerId(new Dhcp6Option.Duid(SERVER_DUID)));
        }
        return send(new Dhcp6Message(type, 0xfedcba, all), CLIENT, Ipv6Address.ALL_DHCP_SERVERS, nowNs);
    }

    /** What the server answers to this message with our client identifier, and its own where {@code named}. */
    Optional<Dhcp6Message> ask(int type, boolean named, long nowNs, Dhcp6Option... options) {
        List<Dhcp6Option> all = new ArrayList<>();
        all.add(new Dhcp6Option.ClientId(client));
        if (named) {
            all.add(new Dhcp6Option.ServerId(new Dhcp6Option.Duid(SERVER_DUID)));
        }
        all.addAll(List.of(options));
        return send(new Dhcp6Message(type, 0xabcdef, all), CLIENT, Ipv6Address.ALL_DHCP_SERVERS, nowNs);
    }

    Optional<Dhcp6Message> send(Dhcp6Message message, Ipv6Address source, Ipv6Address destination, long nowNs) {
        ByteBuf packet = Ipv6Packet.beginUdp(ALLOCATOR, source, Dhcp6Server.CLIENT_PORT, destination,
                Dhcp6Server.SERVER_PORT);
        Dhcp6Codec.encode(message, packet);
        Ipv6Packet.finishUdp(packet);
        server.onPacket(packet, nowNs);
        packet.release();
        return answer();
    }

    private Optional<Dhcp6Message> answer() {
        ByteBuf packet = server.pollTransmit();
        if (packet == null) {
            return Optional.empty();
        }
        try {
            if (!Ipv6Packet.checksumHolds(packet)
                    || Ipv6Packet.payload(packet).getUnsignedShort(2) != Dhcp6Server.CLIENT_PORT) {
                throw new AssertionError("bad answer packet");
            }
            return Optional.ofNullable(Dhcp6Codec.decode(Ipv6Packet.payload(packet).skipBytes(8)));
        } finally {
            packet.release();
        }
    }

    List<Dhcp6Event> events() {
        List<Dhcp6Event> all = new ArrayList<>();
        for (Dhcp6Event event = server.pollEvent(); event != null; event = server.pollEvent()) {
            all.add(event);
        }
        return all;
    }
}

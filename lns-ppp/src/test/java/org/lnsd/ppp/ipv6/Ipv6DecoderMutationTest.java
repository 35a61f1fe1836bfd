package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lnsd.fuzz.Mutations;

/** The decoders of DHCPv6 and neighbour discovery, and the machines behind them, with damaged legal input. */
class Ipv6DecoderMutationTest {
    private static final UnpooledByteBufAllocator HEAP = new UnpooledByteBufAllocator(false, true);

    private static List<byte[]> messages() {
        List<Dhcp6Option> asking = List.of(new Dhcp6Option.ClientId(new Dhcp6Option.Duid(Dhcp6Link.CLIENT_DUID)),
                Dhcp6Link.pd(1, Dhcp6Link.PREFIX), Dhcp6Link.na(2, Dhcp6Link.ADDRESS),
                new Dhcp6Option.OptionRequest(List.of(23, 24)), new Dhcp6Option.Status(0, "x"),
                new Dhcp6Option.DnsServers(List.of(Dhcp6Link.DNS)),
                new Dhcp6Option.DomainList(List.of("example.net")));
        List<Dhcp6Option> choosing = new ArrayList<>(asking);
        choosing.add(1, new Dhcp6Option.ServerId(new Dhcp6Option.Duid(Dhcp6Link.SERVER_DUID)));
        return Stream.concat(octets(asking, Dhcp6Message.SOLICIT, Dhcp6Message.REBIND),
                octets(choosing, Dhcp6Message.REQUEST, Dhcp6Message.RENEW, Dhcp6Message.RELEASE)).toList();
    }

    private static Stream<byte[]> octets(List<Dhcp6Option> options, Integer... types) {
        return Stream.of(types).map(type -> {
            ByteBuf out = Unpooled.buffer();
            Dhcp6Codec.encode(new Dhcp6Message(type, 5, options), out);
            byte[] octets = new byte[out.readableBytes()];
            out.readBytes(octets);
            return octets;
        });
    }

    // RFC 8415 section 16
    @Test
    void dhcp6Messages() {
        Mutations.run("DHCPv6", messages(), 4_096, 64,
                input -> Dhcp6Codec.decode(Unpooled.wrappedBuffer(input)) == null);
    }

    @Test
    void dhcp6Server() {
        Dhcp6Server[] server = {server()};
        int[] runs = {0};
        Mutations.run("DHCPv6 server", messages(), 16_384, 128, input -> {
            ByteBuf packet = Ipv6Packet.beginUdp(HEAP, Dhcp6Link.CLIENT, 546, Ipv6Address.ALL_DHCP_SERVERS, 547);
            packet.writeBytes(input);
            Ipv6Packet.finishUdp(packet);
            long dropped = server[0].dropped();
            server[0].onPacket(packet, runs[0] * Dhcp6Link.SECOND);
            packet.release();
            for (ByteBuf answer = server[0].pollTransmit(); answer != null; answer = server[0].pollTransmit()) {
                answer.release();
            }
            while (server[0].pollEvent() != null) {
                // only taken
            }
            boolean refused = server[0].dropped() > dropped;
            if (++runs[0] % 500 == 0) {
                server[0].close();
                server[0] = server();
            }
            return refused;
        });
        server[0].close();
    }

    private static Dhcp6Server server() {
        return new Dhcp6Server(Dhcp6Link.settings(List.of(Dhcp6Link.PREFIX), List.of(Dhcp6Link.ADDRESS)), HEAP);
    }

    // RFC 4861 section 6.1.1 and 7.1.1
    @Test
    void neighborDiscovery() {
        RouterAdvertiser advertiser = new RouterAdvertiser(
                RouterSettings.of(Dhcp6Link.SERVER, List.of(), 1500, List.of(), List.of(), false), new Random(1), HEAP);
        advertiser.start(0);
        List<byte[]> messages = Stream.of("8500000000000000", "8500000000000000" + "0101020304050607",
                "8700000000000000" + "fe800000000000000000000000000001" + "0101020304050607", "80000000000100014142")
                .map(HexFormat.of()::parseHex).toList();
        long[] nowNs = {0};
        Mutations.run("neighbour discovery", messages, 4_096, 64, input -> {
            ByteBuf packet = Ipv6Packet.begin(HEAP, Ipv6Packet.ICMPV6, 255, Dhcp6Link.CLIENT, Ipv6Address.ALL_ROUTERS);
            packet.writeBytes(input);
            if (input.length >= 4) {
                packet.setShort(packet.readerIndex() + 40 + 2, 0);
            } else {
                packet.writeZero(4);
            }
            Ipv6Packet.finish(packet, 2);
            long dropped = advertiser.dropped();
            nowNs[0] += 1_000_000_000L;
            advertiser.onPacket(packet, nowNs[0]);
            advertiser.onTimeout(nowNs[0]);
            packet.release();
            for (ByteBuf answer = advertiser.pollTransmit(); answer != null; answer = advertiser.pollTransmit()) {
                answer.release();
            }
            return advertiser.dropped() > dropped;
        });
        advertiser.close();
    }

    // RFC 8200 section 4; the first octet is the Next Header of the fixed header
    @Test
    void extensionHeaders() {
        RouterAdvertiser advertiser = new RouterAdvertiser(
                RouterSettings.of(Dhcp6Link.SERVER, List.of(), 1500, List.of(), List.of(), false), new Random(1), HEAP);
        advertiser.start(0);
        String ping = "8000000000010001" + "0102030405060708";
        List<byte[]> packets = Stream
                .of("00" + "3a00050200000100" + ping, "00" + "3c00010400000000" + "3a008e0400000000" + ping,
                        "2b" + "3a02000100000000" + "00".repeat(16) + ping, "2c" + "3a00000000000009" + ping,
                        "2c" + "3a00000100000009" + ping, "2c" + "3a00001000000009" + ping,
                        "2c" + "3c00002000000009" + "3a00010400000000")
                .map(HexFormat.of()::parseHex).toList();
        long[] nowNs = {0};
        Mutations.run("extension headers", packets, 16_384, 128, input -> {
            int bytes = Math.max(0, input.length - 1);
            ByteBuf packet = Ipv6Packet.begin(HEAP, input.length == 0 ? 0 : input[0] & 0xff, 64, Dhcp6Link.CLIENT,
                    Dhcp6Link.SERVER);
            packet.writeBytes(input, input.length - bytes, bytes).setShort(4, bytes);
            nowNs[0] += 1_000_000_000L;
            ByteBuf opened = Ipv6Packet.hasExtensionHeaders(packet) ? advertiser.open(packet, nowNs[0]) : null;
            packet.release();
            for (ByteBuf answer = advertiser.pollTransmit(); answer != null; answer = advertiser.pollTransmit()) {
                answer.release();
            }
            return opened == null || !opened.release();
        });
        advertiser.close();
    }
}

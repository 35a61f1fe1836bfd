package org.lnsd.ppp.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes, the decoders give a message or refuse, and the machines answer or drop. */
class Dhcp6FuzzTest {
    private static void feedAll(byte[] input) {
        ByteBuf message = Unpooled.wrappedBuffer(input);
        Dhcp6Message decoded = Dhcp6Codec.decode(message);
        if (decoded != null) {
            ByteBuf again = Unpooled.buffer();
            Dhcp6Codec.encode(decoded, again);
            assertThat(Dhcp6Codec.decode(again)).isNotNull();
        }
        Machines machines = new Machines();
        machines.feed(message);
        ByteBuf wrapped = Ipv6Packet.beginUdp(UnpooledByteBufAllocator.DEFAULT, Dhcp6Link.CLIENT, 546,
                Ipv6Address.ALL_DHCP_SERVERS, 547);
        wrapped.writeBytes(input, 0, Math.min(input.length, 1400));
        Ipv6Packet.finishUdp(wrapped);
        machines.feed(wrapped);
        wrapped.release();
        ByteBuf icmp = Ipv6Packet.begin(UnpooledByteBufAllocator.DEFAULT, Ipv6Packet.ICMPV6, 255, Dhcp6Link.CLIENT,
                Ipv6Address.ALL_ROUTERS);
        icmp.writeBytes(input, 0, Math.min(input.length, 1400)).writeZero(4);
        Ipv6Packet.finish(icmp, 2);
        machines.feed(icmp);
        icmp.release();
        machines.close();
    }

    /** Everything on a link that hears such packets. */
    private static final class Machines {
        private final Dhcp6Server server = new Dhcp6Link(
                Dhcp6Link.settings(List.of(Dhcp6Link.PREFIX), List.of(Dhcp6Link.ADDRESS))).server;
        private final RouterAdvertiser advertiser = new RouterAdvertiser(
                RouterSettings.of(Dhcp6Link.SERVER, List.of(), 1500, List.of(), List.of(), false),
                new Random(1), UnpooledByteBufAllocator.DEFAULT);
        private final RouterSolicitor solicitor = new RouterSolicitor(Dhcp6Link.CLIENT,
                UnpooledByteBufAllocator.DEFAULT);
        private final Dhcp6Client client = new Dhcp6Client(Dhcp6Link.CLIENT, Dhcp6Link.CLIENT_DUID, true, true, true,
                new Random(1), UnpooledByteBufAllocator.DEFAULT);

        private Machines() { advertiser.start(0); }

        void feed(ByteBuf packet) {
            server.onPacket(packet, 0);
            advertiser.onPacket(packet, 0);
            advertiser.onTimeout(Dhcp6Link.SECOND);
            solicitor.onPacket(packet);
            client.onPacket(packet, 0);
        }

        void close() {
            server.close();
            advertiser.close();
        }
    }

    @FuzzTest(maxDuration = "60s")
    void decodersAreTotal(byte[] input) { feedAll(input); }

    @Test
    void damagedMessagesAreDecodedOrRefused() {
        long seed = 8415;
        Random random = new Random(seed);
        ByteBuf good = Unpooled.buffer();
        Dhcp6Codec.encode(new Dhcp6Message(Dhcp6Message.RENEW, 5,
                List.of(new Dhcp6Option.ClientId(new Dhcp6Option.Duid(Dhcp6Link.CLIENT_DUID)),
                        new Dhcp6Option.ServerId(new Dhcp6Option.Duid(Dhcp6Link.SERVER_DUID)),
                        Dhcp6Link.pd(1, Dhcp6Link.PREFIX),
                        Dhcp6Link.na(2, Dhcp6Link.ADDRESS), new Dhcp6Option.OptionRequest(List.of(23, 24)),
                        new Dhcp6Option.Status(0, "x"),
                        new Dhcp6Option.DnsServers(List.of(Dhcp6Link.DNS)),
                        new Dhcp6Option.DomainList(List.of("example.net")))),
                good);
        byte[] octets = new byte[good.readableBytes()];
        good.getBytes(0, octets);
        for (int i = 0; i < 500; i++) {
            byte[] damaged = java.util.Arrays.copyOf(octets,
                    random.nextInt(4) == 0 ? random.nextInt(octets.length) : octets.length);
            for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                feedAll(damaged);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + i, e);
            }
        }
    }
}

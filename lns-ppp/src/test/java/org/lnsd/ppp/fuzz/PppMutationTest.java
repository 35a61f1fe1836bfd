package org.lnsd.ppp.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.Inet4Address;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lnsd.fuzz.Mutations;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.auth.AuthenticationResult;
import org.lnsd.ppp.auth.ChapPacket;
import org.lnsd.ppp.auth.PapPacket;
import org.lnsd.ppp.frame.FrameHeader;
import org.lnsd.ppp.link.LinkEvent;
import org.lnsd.ppp.link.LinkSettings;
import org.lnsd.ppp.link.NetworkSettings;
import org.lnsd.ppp.link.PppLink;
import org.lnsd.ppp.link.ProxyNegotiation;
import org.lnsd.ppp.multilink.BundleSettings;
import org.lnsd.ppp.multilink.MultilinkHeader;
import org.lnsd.ppp.multilink.FragmentMemory;
import org.lnsd.ppp.multilink.Reassembly;
import org.lnsd.ppp.option.Options;

/** Every decoder of PPP, and links in each of their phases, with damaged legal input: nothing is thrown, memory stays in proportion. */
class PppMutationTest {
    private static final UnpooledByteBufAllocator HEAP = new UnpooledByteBufAllocator(false, true);
    private static final String ADDRESS = "030600000000";
    private static final List<byte[]> OPTIONS = corpus("010405dc", "0304c023", "0305c22305", "0305c22381",
            "010405d4" + "0506a1b2c3d4" + "0702" + "0802" + "020600000000",
            "110405dc" + "1202" + "1309" + "03aabbccddeeff", "0d0306" + "6304aabb",
            ADDRESS + "810600000000" + "830600000000" + "820600000000" + "840600000000", "0206002d0f01",
            "010a0123456789abcdef");
    private static final List<byte[]> FRAMES = corpus(
            "ff03c0210101001c010405d40506a1b2c3d407020802020600000000" + "1202",
            "ff03c0210202000e010405dc0304c023", "ff03c0210301000801040400", "ff03c0210401000607020000",
            "ff03c02105090004", "ff03c02106090004", "ff03c021070500080f010004", "ff03c0210804000a80fd01010004",
            "ff03c0210907000c0000000041414141", "ff03c0210a0700080000000b", "ff03c0210b0700080000000c",
            "ff03c0210c07000c000000006c6e7364", "ff03c0230105001005616c69636506736563726574",
            "ff03c223020500191000112233445566778899aabbccddeeff616c696365", "ff0380210101000a" + ADDRESS,
            "ff03802101020016" + ADDRESS + "810600000000830600000000", "ff0380210201000a0306c6336401",
            "ff038021030100080306c633", "ff0380570101000e010a0123456789abcdef", "ff0380fd0101000a120600000001",
            "ff03003dc0000001002145000014", "003d80000000" + "0021", "21450000140000000040110000",
            "ff038281010100040000");

    private static List<byte[]> corpus(String... hex) { return Stream.of(hex).map(HexFormat.of()::parseHex).toList(); }

    private static ByteBuf wrap(byte[] input) { return Unpooled.wrappedBuffer(input); }

    @Test
    void options() { Mutations.run("options", OPTIONS, 512, 32, input -> Options.decode(wrap(input)).isEmpty()); }

    @Test
    void frameHeaders() {
        Mutations.run("frame header", FRAMES, 256, 0, input -> FrameHeader.readProtocol(wrap(input)) < 0);
    }

    @Test
    void pap() {
        Mutations.run("PAP", corpus("05616c69636506736563726574", "0000", "00"), 1_024, 16, input -> {
            PapPacket.decodeMessage(wrap(input));
            return PapPacket.decodeRequest(wrap(input)).isEmpty();
        });
    }

    @Test
    void chap() {
        Mutations.run("CHAP", corpus("1000112233445566778899aabbccddeeff616c696365", "31" + "00".repeat(49) + "ff"),
                1_024,
                16, input -> ChapPacket.decode(wrap(input)).isEmpty());
    }

    @Test
    void multilink() {
        List<byte[]> fragments = corpus("c0000000002145", "80000001" + "0021".repeat(20), "40000002" + "00".repeat(60),
                "00000003aa", "c0000fff", "c0ffffff21");
        for (MultilinkHeader.Format format : MultilinkHeader.Format.values()) {
            BundleSettings settings = new BundleSettings(format, format, 1500, 1500, 256, 1 << 14, 500_000_000L);
            Reassembly reassembly = new Reassembly(settings, HEAP, new FragmentMemory(1 << 20), (_, _, _) -> {});
            reassembly.addLink(1);
            reassembly.addLink(2);
            long[] nowNs = {0};
            Mutations.run("multilink " + format, fragments, 4_096, 64, input -> {
                nowNs[0] += 10_000_000;
                reassembly.onTimeout(nowNs[0]);
                reassembly.onFragment(1 + (input.length & 1), wrap(input), nowNs[0]);
                assertThat(reassembly.waitingBytes()).isLessThanOrEqualTo((1 << 14) + 2_000);
                ByteBuf packet = reassembly.pollReceived();
                boolean none = packet == null;
                for (; packet != null; packet = reassembly.pollReceived()) {
                    packet.release();
                }
                return none;
            });
            reassembly.close();
        }
    }

    @Test
    void linksInEveryPhase() {
        SplittableRandom random = new SplittableRandom(7);
        Conversation[] present = {new Conversation(0)};
        Mutations.run("links", FRAMES, 8_192, 64, input -> {
            present[0].feed(input);
            if (present[0].isOver() || random.nextInt(24) == 0) {
                present[0].end();
                present[0] = new Conversation(random.nextInt(3));
            }
            return !present[0].answered();
        });
    }

    @Test
    void proxiedNegotiations() {
        List<byte[]> given = corpus("010405d40506a1b2c3d4", "010405d40305c223050506a1b2c3d4",
                "01010013010405d40305c223050506a1b2c3d4", "00112233445566778899aabbccddeeff");
        Mutations.run("proxy", given, 16_384, 128, input -> {
            PppLink link = new PppLink(LinkSettings.server().build(), new SplittableRandom(1), HEAP);
            link.start(new ProxyNegotiation(input, input, given.getFirst(), input.length % 6, input, input,
                    input.length - 1, input), 0);
            boolean opened = link.pollEvent() instanceof LinkEvent.LcpOpened;
            link.lowerDown(1);
            return !opened;
        });
    }

    /** A server's link that was brought to a phase: 0 LCP, 1 authentication, 2 network. */
    private static final class Conversation {
        private final PppLink link = new PppLink(LinkSettings.server().mrru(1500).shortSequenceNumbers(true)
                .authentication(List.of(AuthenticationProtocol.PAP, AuthenticationProtocol.CHAP_MD5))
                .recordNegotiation(true).build(), new SplittableRandom(1), HEAP);
        private long nowNs;
        private boolean over;
        private boolean answered;

        Conversation(int phase) {
            link.start(nowNs);
            ByteBuf request = link.pollTransmit();
            while (request == null) {
                request = link.pollTransmit();
            }
            if (phase > 0) {
                request.setByte(4, 2);
                link.onFrame(request, nowNs);
                link.onFrame(wrap(HexFormat.of().parseHex("ff03c02101010004")), nowNs);
            }
            request.release();
            drain();
            if (phase > 1) {
                link.onFrame(wrap(HexFormat.of().parseHex("ff03c0230105001105616c69636506736563726574")), nowNs);
                drain();
            }
        }

        void feed(byte[] frame) {
            nowNs += 100_000_000;
            answered = false;
            link.onTimeout(nowNs);
            link.onFrame(wrap(frame), nowNs);
            drain();
        }

        private void drain() {
            for (LinkEvent event = link.pollEvent(); event != null; event = link.pollEvent()) {
                over |= event instanceof LinkEvent.Down;
                if (event instanceof LinkEvent.AuthenticationRequested) {
                    link.authenticationSucceeded(AuthenticationResult.Success.of(""), nowNs);
                    link.openNetworks(networks(), nowNs);
                }
            }
            for (ByteBuf frame = link.pollTransmit(); frame != null; frame = link.pollTransmit()) {
                answered = true;
                frame.release();
            }
        }

        private static NetworkSettings networks() {
            Inet4Address address = (Inet4Address) java.net.InetAddress.ofLiteral("198.51.100.1");
            return new NetworkSettings(
                    Optional.of(new NetworkSettings.Ipv4(address, address, List.of(address), List.of())),
                    Optional.of(new NetworkSettings.Ipv6(1, 2)));
        }

        boolean isOver() { return over; }

        boolean answered() { return answered; }

        void end() {
            link.lowerDown(nowNs);
            drain();
            assertThat(link.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
        }
    }
}

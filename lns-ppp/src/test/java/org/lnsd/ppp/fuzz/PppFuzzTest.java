package org.lnsd.ppp.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
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
import org.lnsd.ppp.option.Option;
import org.lnsd.ppp.option.Options;

/** Decoders and whole links fed with what a fuzzer finds: nothing is thrown, nothing leaks, memory stays bounded. */
class PppFuzzTest {
    private static final UnpooledByteBufAllocator HEAP = new UnpooledByteBufAllocator(false);
    private static final int BUFFER_BYTES = 1 << 12;

    @FuzzTest
    void options(byte[] input) {
        Optional<List<Option>> options = Options.decode(Unpooled.wrappedBuffer(input));
        options.ifPresent(list -> {
            ByteBuf encoded = Unpooled.buffer();
            Options.encode(list, encoded);
            assertThat(encoded).isEqualTo(Unpooled.wrappedBuffer(input));
        });
    }

    @FuzzTest
    void authenticationPackets(byte[] input) {
        PapPacket.decodeRequest(Unpooled.wrappedBuffer(input));
        PapPacket.decodeMessage(Unpooled.wrappedBuffer(input));
        ChapPacket.decode(Unpooled.wrappedBuffer(input));
    }

    @FuzzTest
    void frameHeader(byte[] input) {
        int protocol = FrameHeader.readProtocol(Unpooled.wrappedBuffer(input));
        assertThat(protocol).isBetween(-1, 0xffff);
    }

    /** A bundle of two links with short numbers; each fragment says by which it comes and how much later. */
    @FuzzTest
    void multilink(FuzzedDataProvider data) {
        BundleSettings settings = new BundleSettings(MultilinkHeader.Format.SHORT, MultilinkHeader.Format.SHORT, 1500,
                1500, 256, BUFFER_BYTES, 500_000_000L);
        long[] carried = {0};
        long delivered = 0;
        Reassembly reassembly = new Reassembly(settings, HEAP, new FragmentMemory(1 << 20),
                (_, _, octets) -> carried[0] += octets);
        reassembly.addLink(0);
        reassembly.addLink(1);
        long nowNs = 0;
        while (data.remainingBytes() > 0) {
            nowNs += data.consumeInt(0, 600_000_000);
            reassembly.onTimeout(nowNs);
            reassembly.onFragment(data.consumeInt(0, 2), Unpooled.wrappedBuffer(data.consumeBytes(40)), nowNs);
            for (ByteBuf packet = reassembly.pollReceived(); packet != null; packet = reassembly.pollReceived()) {
                delivered += packet.readableBytes();
                packet.release();
            }
            assertThat(reassembly.waitingBytes()).isBetween(0, BUFFER_BYTES + 40);
            assertThat(carried[0]).isLessThanOrEqualTo(delivered);
        }
        reassembly.close();
        assertThat(reassembly.waitingBytes()).isZero();
    }

    @FuzzTest
    void serverLink(FuzzedDataProvider data) { converse(data, LinkSettings.server().mrru(1500)); }

    @FuzzTest
    void clientLink(FuzzedDataProvider data) { converse(data, LinkSettings.client("alice", "secret")); }

    @FuzzTest
    void proxiedLink(FuzzedDataProvider data) {
        RandomGenerator random = new SplittableRandom(1);
        PppLink link = new PppLink(LinkSettings.server().recordNegotiation(true).build(), random, HEAP);
        var proxy = new ProxyNegotiation(data.consumeBytes(40), data.consumeBytes(40), data.consumeBytes(40),
                data.consumeInt(0, 9), data.consumeBytes(20), data.consumeBytes(20), data.consumeInt(-1, 300),
                data.consumeBytes(50));
        link.start(proxy, 0);
        drain(link, 0);
        link.lowerDown(1);
        drain(link, 1);
    }

    private static void converse(FuzzedDataProvider data, LinkSettings.Builder settings) {
        long nowNs = 0;
        PppLink link = new PppLink(settings.recordNegotiation(true).build(), new SplittableRandom(1), HEAP);
        link.start(nowNs);
        List<byte[]> echoes = new ArrayList<>(drain(link, nowNs));
        while (data.remainingBytes() > 0) {
            nowNs += data.consumeInt(0, 2_000_000_000);
            link.onTimeout(nowNs);
            byte[] frame = !echoes.isEmpty() && data.consumeBoolean()
                    ? mutate(echoes.getLast(), data)
                    : data.consumeBytes(data.consumeInt(0, 64));
            link.onFrame(Unpooled.wrappedBuffer(frame), nowNs);
            echoes.addAll(drain(link, nowNs));
            assertThat(link.view()).isNotNull();
        }
        link.close("over", nowNs);
        drain(link, nowNs);
        link.lowerDown(nowNs);
        drain(link, nowNs);
        assertThat(link.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
    }

    /** What the link sent comes back with another code, the way an Ack looks. */
    private static byte[] mutate(byte[] frame, FuzzedDataProvider data) {
        byte[] changed = frame.clone();
        if (changed.length > 4) {
            changed[4] = data.consumeByte((byte) 0, (byte) 15);
            changed[data.consumeInt(0, changed.length - 1)] ^= data.consumeByte();
        }
        return changed;
    }

    private static List<byte[]> drain(PppLink link, long nowNs) {
        var frames = new ArrayList<byte[]>();
        boolean ended = false;
        for (LinkEvent event = link.pollEvent(); event != null; event = link.pollEvent()) {
            assertThat(ended).as("an event after Down: %s", event).isFalse();
            ended = event instanceof LinkEvent.Down;
            if (event instanceof LinkEvent.AuthenticationRequested) {
                link.authenticationSucceeded(AuthenticationResult.Success.of("welcome"), nowNs);
            } else if (event instanceof LinkEvent.Authenticated) {
                link.openNetworks(networks(), nowNs);
            }
        }
        for (ByteBuf frame = link.pollTransmit(); frame != null; frame = link.pollTransmit()) {
            assertThat(frame.readableBytes()).isLessThanOrEqualTo(2000);
            byte[] octets = new byte[frame.readableBytes()];
            frame.readBytes(octets);
            frame.release();
            frames.add(octets);
        }
        return frames;
    }

    private static NetworkSettings networks() {
        Inet4Address loopback = (Inet4Address) java.net.InetAddress.ofLiteral("127.0.0.1");
        return new NetworkSettings(
                Optional.of(new NetworkSettings.Ipv4(loopback, loopback, List.of(loopback), List.of())),
                Optional.of(new NetworkSettings.Ipv6(1, 2)));
    }
}

package org.lnsd.ppp.multilink;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lnsd.ppp.frame.FrameHeader;
import org.lnsd.ppp.frame.PppProtocol;

/** RFC 1990: headers, fragments and their loss. */
class BundleTest {
    private static final UnpooledByteBufAllocator HEAP = new UnpooledByteBufAllocator(false);
    private static final long MILLISECOND = 1_000_000L;

    private static BundleSettings settings(MultilinkHeader.Format format) {
        return new BundleSettings(format, format, 1600, 1600, 64, 20_000, 100 * MILLISECOND);
    }

    // RFC 1990 section 3
    @ParameterizedTest
    @CsvSource({"LONG,true,false,16777215,80ffffff", "LONG,false,true,1,40000001", "SHORT,true,true,4095,cfff",
            "SHORT,false,false,256,0100"})
    void headerVectors(MultilinkHeader.Format format, boolean begin, boolean end, int sequence, String hex) {
        ByteBuf buffer = Unpooled.buffer();
        new MultilinkHeader(begin, end, sequence).write(buffer, format);
        assertThat(io.netty.buffer.ByteBufUtil.hexDump(buffer)).isEqualTo(hex);
        assertThat(MultilinkHeader.read(buffer, format)).isEqualTo(new MultilinkHeader(begin, end, sequence));
    }

    private record Sent(int linkId, ByteBuf frame) {}

    private static List<Sent> fragments(Fragmenter fragmenter, int count) {
        var sent = new ArrayList<Sent>();
        for (int index = 0; index < count; index++) {
            ByteBuf packet = Unpooled.buffer().writeShort(PppProtocol.IPV4).writeInt(index)
                    .writeZero(20 + index * 37 % 1400);
            assertThat(fragmenter.send(packet, (link, frame, _, _) -> sent.add(new Sent(link, frame)))).isTrue();
        }
        return sent;
    }

    private static void feed(Reassembly reassembly, Sent sent, long nowNs) {
        ByteBuf frame = sent.frame().duplicate();
        assertThat(FrameHeader.readProtocol(frame)).isEqualTo(PppProtocol.MULTILINK);
        reassembly.onFragment(sent.linkId(), frame, nowNs);
    }

    private static List<Integer> delivered(Reassembly reassembly) {
        var numbers = new ArrayList<Integer>();
        for (ByteBuf packet = reassembly.pollReceived(); packet != null; packet = reassembly.pollReceived()) {
            assertThat(packet.readUnsignedShort()).isEqualTo(PppProtocol.IPV4);
            int number = packet.readInt();
            assertThat(packet.readableBytes()).isEqualTo(20 + number * 37 % 1400);
            numbers.add(number);
            packet.release();
        }
        return numbers;
    }

    private static Fragmenter threeLinks(BundleSettings settings) {
        var fragmenter = new Fragmenter(settings, HEAP);
        for (int link = 1; link <= 3; link++) {
            fragmenter.addLink(new Fragmenter.Member(link, 500, link != 2));
        }
        return fragmenter;
    }

    private static Reassembly receiving(BundleSettings settings) {
        var reassembly = new Reassembly(settings, HEAP, new FragmentMemory(1 << 20), (_, _, _) -> {});
        for (int link = 1; link <= 3; link++) {
            reassembly.addLink(link);
        }
        return reassembly;
    }

    // RFC 1990 section 4.1: whatever the order between the links, sequence numbers wrap
    @ParameterizedTest
    @EnumSource(MultilinkHeader.Format.class)
    void packetsArriveWholeAndInOrder(MultilinkHeader.Format format) {
        BundleSettings settings = settings(format);
        Reassembly reassembly = receiving(settings);
        List<Sent> sent = fragments(threeLinks(settings), 3000);
        var numbers = new ArrayList<Integer>();
        for (int index = 0; index + 1 < sent.size(); index += 2) {
            feed(reassembly, index == 0 ? sent.get(0) : sent.get(index + 1), 0);
            feed(reassembly, index == 0 ? sent.get(1) : sent.get(index), 0);
            numbers.addAll(delivered(reassembly));
        }
        assertThat(numbers).hasSizeGreaterThan(2990).isSorted();
        assertThat(reassembly.fragmentsLost()).isZero();
        reassembly.close();
    }

    // RFC 1990 section 4.1.1: a gap that every link has passed is lost
    @Test
    void lossCostsItsPacketOnly() {
        BundleSettings settings = settings(MultilinkHeader.Format.LONG);
        for (long seed = 0; seed < 200; seed++) {
            var chance = new Random(seed);
            Reassembly reassembly = receiving(settings);
            List<Sent> sent = fragments(threeLinks(settings), 300);
            int lost = 0;
            for (int index = 0; index < sent.size(); index++) {
                if (index > 0 && chance.nextInt(50) == 0) {
                    lost++;
                } else {
                    feed(reassembly, sent.get(index), index * MILLISECOND);
                    reassembly.onTimeout(index * MILLISECOND);
                }
            }
            reassembly.onTimeout(Long.MAX_VALUE / 2);
            assertThat(delivered(reassembly)).as("seed %d, %d lost", seed, lost).isSorted()
                    .hasSizeGreaterThanOrEqualTo(300 - lost - 2);
            reassembly.close();
        }
    }

    // memory stays bounded whatever comes
    @Test
    void memoryIsBounded() {
        BundleSettings settings = settings(MultilinkHeader.Format.LONG);
        Reassembly reassembly = receiving(settings);
        var chance = new Random(5);
        for (int index = 0; index < 20_000; index++) {
            ByteBuf fragment = Unpooled.buffer();
            new MultilinkHeader(chance.nextInt(4) == 0, false, index * 2).write(fragment, MultilinkHeader.Format.LONG);
            fragment.writeZero(chance.nextInt(1400));
            reassembly.onFragment(1 + chance.nextInt(3), fragment, index);
            assertThat(reassembly.waitingBytes()).isLessThanOrEqualTo(20_000 + 1400);
        }
        reassembly.close();
        assertThat(reassembly.waitingBytes()).isZero();
    }

    // memory of all bundles together stays bounded, whole packets pass nevertheless, and nobody keeps it for long
    @Test
    void memoryOfAllBundlesIsBounded() {
        var memory = new FragmentMemory(100_000);
        var full = new AtomicInteger();
        var all = new ArrayList<Reassembly>();
        for (int bundle = 0; bundle < 50; bundle++) {
            var reassembly = new Reassembly(settings(MultilinkHeader.Format.LONG), HEAP, memory,
                    new Reassembly.Ledger() {
                        @Override
                        public void carried(int linkId, int protocol, int octets) {
                            // not looked at
                        }

                        @Override
                        public void memoryFull() { full.incrementAndGet(); }
                    });
            reassembly.addLink(1);
            reassembly.addLink(2);
            all.add(reassembly);
            for (int sequence = 0; sequence < 10; sequence++) { // each packet lacks its middle, on a link that is silent
                feed(reassembly, sequence % 2 == 0, sequence % 2 == 1, sequence / 2 * 3 + sequence % 2 * 2, 1000);
                assertThat(memory.usedBytes()).isLessThan(100_000 + 2000);
            }
        }
        assertThat(full).hasPositiveValue();
        Reassembly another = new Reassembly(settings(MultilinkHeader.Format.LONG), HEAP, memory, (_, _, _) -> {});
        another.addLink(1);
        for (int sequence = 0; sequence < 100; sequence++) {
            feed(another, true, true, sequence, 1000);
            ByteBuf packet = another.pollReceived();
            assertThat(packet).as("whole and in turn").isNotNull();
            packet.release();
        }
        all.forEach(reassembly -> reassembly.onTimeout(200 * MILLISECOND));
        assertThat(memory.usedBytes()).as("all of it is too old").isZero();
        all.forEach(Reassembly::close);
        assertThat(memory.usedBytes()).isZero();
    }

    private static void feed(Reassembly reassembly, boolean begin, boolean end, int sequence, int octets) {
        ByteBuf fragment = Unpooled.buffer();
        new MultilinkHeader(begin, end, sequence).write(fragment, MultilinkHeader.Format.LONG);
        reassembly.onFragment(1, fragment.writeZero(octets), 0);
        fragment.release();
    }

    // Nor by links that never say anything, so that no gap is ever passed: what stands first is given up for what comes
    @ParameterizedTest
    @CsvSource({"1000,21", "0,1025"})
    void whatWaitsForSilentLinksIsBounded(int octets, int mostWaiting) {
        Reassembly reassembly = receiving(settings(MultilinkHeader.Format.LONG));
        feed(reassembly, true, true, 0, 10);
        assertThat(reassembly.pollReceived()).isNotNull();
        for (int index = 1; index <= 3 * mostWaiting; index++) {
            feed(reassembly, true, false, 2 * index, octets);
            assertThat(reassembly.waitingBytes()).isLessThanOrEqualTo(20_000);
        }
        assertThat(reassembly.fragmentsDropped()).isBetween(2L * mostWaiting - 2, 2L * mostWaiting + 2);
        feed(reassembly, true, true, 6 * mostWaiting + 2, 70);
        reassembly.onTimeout(reassembly.nextDeadlineNs());
        assertThat(reassembly.pollReceived()).extracting(ByteBuf::readableBytes).isEqualTo(70);
        reassembly.close();
        assertThat(reassembly.waitingBytes()).isZero();
    }

    // RFC 1990 section 4.1.1: M is the minimum over the links that there are; who leaves is not waited for
    @Test
    void aLinkThatLeavesIsNotWaitedFor() {
        Reassembly reassembly = receiving(settings(MultilinkHeader.Format.LONG));
        feed(reassembly, true, true, 0, 10);
        assertThat(reassembly.pollReceived()).isNotNull();
        feed(reassembly, true, true, 2, 60); // 1 is missing, perhaps on link 2 or 3
        assertThat(reassembly.pollReceived()).isNull();
        reassembly.removeLink(2);
        assertThat(reassembly.pollReceived()).as("link 3 may have it").isNull();
        reassembly.removeLink(3);
        assertThat(reassembly.pollReceived()).extracting(ByteBuf::readableBytes).isEqualTo(60);
        assertThat(reassembly.fragmentsLost()).isEqualTo(1);
        assertThat(reassembly.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
        reassembly.removeLink(1);
        feed(reassembly, true, true, 3, 60);
        assertThat(reassembly.pollReceived()).as("of no link of the bundle").isNull();
        assertThat(reassembly.fragmentsDropped()).isEqualTo(1);
        reassembly.close();
    }

    // RFC 1990 section 5.1.1: what grows beyond our MRRU is dropped as soon as it does, also without an end
    @Test
    void moreThanOurMrruIsNotKept() {
        Reassembly reassembly = receiving(settings(MultilinkHeader.Format.LONG));
        for (int sequence = 0; sequence < 5000; sequence++) {
            feed(reassembly, sequence == 0, false, sequence, 100);
            assertThat(reassembly.waitingBytes()).isLessThanOrEqualTo(1700);
        }
        feed(reassembly, true, true, 5000, 1602);
        assertThat(reassembly.pollReceived()).extracting(ByteBuf::readableBytes).isEqualTo(1602);
        feed(reassembly, true, true, 5001, 1603);
        assertThat(reassembly.pollReceived()).isNull();
        reassembly.close();
    }

    // A packet whose first fragment, or whose last one, never comes costs itself only
    @Test
    void packetsWithoutBeginningOrEndCostThemselvesOnly() {
        Reassembly reassembly = receiving(settings(MultilinkHeader.Format.LONG));
        feed(reassembly, false, true, 0, 50);
        feed(reassembly, true, false, 1, 50);
        feed(reassembly, true, true, 2, 60);
        assertThat(reassembly.pollReceived()).extracting(ByteBuf::readableBytes).isEqualTo(60);
        feed(reassembly, true, true, 4_000_000, 70); // a gap beyond all reason is given up when its time is over
        assertThat(reassembly.pollReceived()).isNull();
        reassembly.onTimeout(reassembly.nextDeadlineNs());
        assertThat(reassembly.pollReceived()).extracting(ByteBuf::readableBytes).isEqualTo(70);
        assertThat(reassembly.fragmentsDropped()).isEqualTo(2);
        reassembly.close();
    }

    @Test
    void numbersMayBeginAnew() {
        Reassembly reassembly = receiving(settings(MultilinkHeader.Format.LONG));
        feed(reassembly, true, true, 5000, 60);
        assertThat(reassembly.pollReceived()).isNotNull();
        feed(reassembly, true, true, 0, 60);
        assertThat(reassembly.pollReceived()).as("late").isNull();
        reassembly.reset();
        feed(reassembly, true, true, 0, 60);
        assertThat(reassembly.pollReceived()).isNotNull();
        reassembly.close();
    }

    @Test
    void aPacketIsNotCutIntoMorePartsThanAreWorthIt() {
        var fragmenter = new Fragmenter(settings(MultilinkHeader.Format.LONG), HEAP);
        for (int link = 1; link <= 30; link++) {
            fragmenter.addLink(new Fragmenter.Member(link, 1500, false));
        }
        var sent = new ArrayList<Sent>();
        fragmenter.send(Unpooled.buffer().writeZero(640), (link, frame, _, _) -> sent.add(new Sent(link, frame)));
        assertThat(sent).hasSize(10);
    }

    // RFC 1990 section 5.1.1
    @Test
    void moreThanThePeersMrruIsNotSent() {
        Fragmenter fragmenter = threeLinks(settings(MultilinkHeader.Format.LONG));
        assertThat(fragmenter.send(Unpooled.buffer().writeZero(1603), (_, _, _, _) -> {})).isFalse();
    }

    @Test
    void garbageIsDropped() {
        Reassembly reassembly = receiving(settings(MultilinkHeader.Format.SHORT));
        var chance = new Random(9);
        for (int index = 0; index < 50_000; index++) {
            byte[] octets = new byte[chance.nextInt(40)];
            chance.nextBytes(octets);
            reassembly.onFragment(chance.nextInt(5), Unpooled.wrappedBuffer(octets), index * MILLISECOND);
            for (ByteBuf packet = reassembly.pollReceived(); packet != null; packet = reassembly.pollReceived()) {
                packet.release();
            }
        }
        reassembly.close();
    }
}

package org.lnsd.l2tp.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.l2tp.control.ReliableChannel.Verdict;
import org.lnsd.l2tp.header.ControlHeader;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

/** RFC 2661 section 5.8 and Appendix A. */
class ReliableChannelTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private final ReliableChannel channel = channel(4, 1000);
    private long nowNs;

    private static ReliableChannel channel(int receiveWindow, int maximumQueue) {
        return new ReliableChannel(new DeliverySettings(receiveWindow, SECOND_NS, 8 * SECOND_NS, 5, maximumQueue),
                UnpooledByteBufAllocator.DEFAULT);
    }

    private void queue(int messages) {
        for (int index = 0; index < messages; index++) {
            channel.send(new byte[20]);
        }
    }

    /** The Ns of what it sends now; -1 a ZLB. */
    private List<Integer> sent() {
        List<Integer> numbers = new ArrayList<>();
        for (ByteBuf out = channel.pollTransmit(7, nowNs); out != null; out = channel.pollTransmit(7, nowNs)) {
            numbers.add(out.readableBytes() == 12 ? -1 : out.getUnsignedShort(8));
            out.release();
        }
        return numbers;
    }

    private Verdict receive(int ns, int nr, int lengthBytes) {
        ByteBuf datagram = Unpooled.buffer().writeZero(lengthBytes).setShort(0, 0xc802).setShort(2, lengthBytes)
                .setShort(8, ns).setShort(10, nr);
        return channel.receive(ControlHeader.read(datagram), datagram, nowNs);
    }

    private void acknowledge(int nr) { receive(0, nr, 12); }

    // Appendix A: slow start, one more for each acknowledged message, up to the peer's window
    @Test
    void slowStartOpensTheWindow() {
        channel.setPeerWindow(6);
        queue(50);
        assertThat(sent()).containsExactly(0);
        acknowledge(1);
        assertThat(sent()).containsExactly(1, 2);
        acknowledge(3);
        assertThat(sent()).containsExactly(3, 4, 5, 6);
        acknowledge(7);
        assertThat(sent()).hasSize(6);
        assertThat(channel.congestionWindow()).isEqualTo(6);
        acknowledge(13);
        assertThat(sent()).as("never more than the peer's window").hasSize(6);
    }

    // Appendix A: a repetition halves the threshold and starts again with 1; then one more a window
    @Test
    void retransmissionShrinksTheWindow() {
        channel.setPeerWindow(8);
        queue(100);
        sent();
        for (int nr = 1; nr < 8; nr++) {
            acknowledge(nr);
            sent();
        }
        assertThat(channel.congestionWindow()).isEqualTo(8);
        nowNs += SECOND_NS;
        channel.onTimeout(nowNs);
        assertThat(channel.slowStartThreshold()).isEqualTo(4);
        assertThat(channel.congestionWindow()).isEqualTo(1);
        assertThat(sent()).as("only the oldest").containsExactly(7);
        acknowledge(8);
        assertThat(sent()).as("the others of the lost window follow").containsExactly(8, 9);
        acknowledge(15);
        assertThat(channel.congestionWindow()).as("4 by slow start, then one more for 4").isEqualTo(5);
    }

    // Section 5.8: 1, 2, 4, 8, 8 and 8 seconds, then the peer is given up
    @Test
    void backsOffAndGivesUp() {
        queue(1);
        assertThat(sent()).containsExactly(0);
        for (long waitNs : new long[]{1, 2, 4, 8, 8}) {
            assertThat(channel.nextDeadlineNs()).isEqualTo(nowNs + waitNs * SECOND_NS);
            nowNs = channel.nextDeadlineNs();
            channel.onTimeout(nowNs);
            assertThat(sent()).containsExactly(0);
        }
        nowNs = channel.nextDeadlineNs();
        assertThat(nowNs).isEqualTo(31 * SECOND_NS);
        channel.onTimeout(nowNs);
        assertThat(channel.isExhausted()).isTrue();
        assertThat(sent()).isEmpty();
    }

    // Section 5.8: the same Ns, but the Nr of now
    @Test
    void aRepetitionCarriesThePresentAcknowledgement() {
        queue(1);
        assertThat(sent()).containsExactly(0);
        receive(0, 0, 20);
        nowNs = channel.nextDeadlineNs();
        channel.onTimeout(nowNs);
        ByteBuf again = channel.pollTransmit(7, nowNs);
        assertThat(again.getUnsignedShort(ControlHeader.NS_OFFSET)).isZero();
        assertThat(again.getUnsignedShort(ControlHeader.NR_OFFSET)).isEqualTo(1);
        again.release();
    }

    // Section 5.8: a peer that tells no window has one of 4
    @Test
    void fourMessagesAreSentToAPeerWithoutWindow() {
        queue(20);
        sent();
        for (int nr = 1; nr < 8; nr++) {
            acknowledge(nr);
            sent();
        }
        assertThat(channel.unacknowledgedCount()).isEqualTo(4);
    }

    // Section 5.8: progress resets the timer
    @Test
    void progressResetsTheBackOff() {
        channel.setPeerWindow(1);
        queue(2);
        sent();
        nowNs = channel.nextDeadlineNs();
        channel.onTimeout(nowNs);
        sent();
        acknowledge(1);
        assertThat(sent()).containsExactly(1);
        assertThat(channel.nextDeadlineNs()).isEqualTo(nowNs + SECOND_NS);
        acknowledge(2);
        assertThat(channel.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
        assertThat(channel.isIdle()).isTrue();
    }

    // Section 5.8: a message carries the acknowledgement, a ZLB only when there is none
    @Test
    void acknowledgesOnceAndPreferablyInAMessage() {
        assertThat(receive(0, 0, 20)).isEqualTo(Verdict.IN_ORDER);
        queue(1);
        ByteBuf message = channel.pollTransmit(7, nowNs);
        assertThat(message.getUnsignedShort(10)).isEqualTo(1);
        message.release();
        assertThat(sent()).isEmpty();
        assertThat(receive(1, 1, 20)).isEqualTo(Verdict.IN_ORDER);
        assertThat(sent()).containsExactly(-1);
        assertThat(sent()).isEmpty();
    }

    // Section 5.8: a ZLB is not acknowledged and takes no number
    @Test
    void zeroLengthBodiesAreNotAcknowledged() {
        assertThat(receive(0, 0, 12)).isEqualTo(Verdict.NOTHING);
        assertThat(sent()).isEmpty();
        assertThat(channel.nr()).isZero();
    }

    // Section 5.8: repetitions are acknowledged again and not processed again
    @Test
    void duplicatesAreAcknowledgedAgain() {
        receive(0, 0, 20);
        sent();
        assertThat(receive(0, 0, 20)).isEqualTo(Verdict.NOTHING);
        assertThat(sent()).containsExactly(-1);
        assertThat(channel.counters().duplicates()).isEqualTo(1);
        assertThat(channel.nr()).isEqualTo(1);
    }

    // Section 5.8: out of order inside the window is held, beyond it is dropped
    @Test
    void holdsWhatComesEarly() {
        assertThat(receive(2, 0, 20)).isEqualTo(Verdict.NOTHING);
        assertThat(receive(2, 0, 20)).isEqualTo(Verdict.NOTHING);
        assertThat(receive(1, 0, 20)).isEqualTo(Verdict.NOTHING);
        assertThat(receive(4, 0, 20)).isEqualTo(Verdict.NOTHING);
        assertThat(channel.takeNext()).isNull();
        assertThat(receive(0, 0, 20)).isEqualTo(Verdict.IN_ORDER);
        assertThat(channel.takeNext()).isNotNull();
        assertThat(channel.takeNext()).isNotNull();
        assertThat(channel.takeNext()).isNull();
        assertThat(channel.nr()).isEqualTo(3);
        assertThat(channel.counters().outOfWindow()).isEqualTo(1);
    }

    // Section 5.8: Ns and Nr are numbers modulo 65,536
    @Test
    void numbersWrap() {
        channel.startAt(65_534, 65_534);
        channel.setPeerWindow(1);
        queue(4);
        List<Integer> numbers = new ArrayList<>();
        for (int index = 0; index < 4; index++) {
            numbers.addAll(sent());
            acknowledge((65_535 + index) & 0xffff);
        }
        assertThat(numbers).containsExactly(65_534, 65_535, 0, 1);
        assertThat(channel.isIdle()).isTrue();
        assertThat(receive(0, 2, 20)).isEqualTo(Verdict.NOTHING);
        assertThat(receive(65_534, 2, 20)).isEqualTo(Verdict.IN_ORDER);
        assertThat(receive(65_535, 2, 20)).isEqualTo(Verdict.IN_ORDER);
        assertThat(channel.takeNext()).isNotNull();
        assertThat(channel.nr()).isEqualTo(1);
    }

    // Section 5.8: the 32,767 numbers before the expected one are old, the others new
    @ParameterizedTest
    @CsvSource({"0,0,0", "1,0,1", "0,1,-1", "0,65535,1", "65535,0,-1", "32767,0,32767", "32768,0,-32768"})
    void serialDistances(int number, int reference, int distance) {
        assertThat(SerialNumber.distance(number, reference)).isEqualTo(distance);
    }

    @Test
    void anAcknowledgementOfWhatWasNeverSentIsIgnored() {
        queue(1);
        sent();
        acknowledge(2);
        assertThat(channel.unacknowledgedCount()).isEqualTo(1);
        assertThat(channel.counters().badAcknowledgements()).isEqualTo(1);
    }

    @Test
    void aPeerThatTakesNothingIsNotServed() {
        ReliableChannel bounded = channel(4, 2);
        for (int index = 0; index < 3; index++) {
            bounded.send(new byte[20]);
        }
        ByteBuf datagram = Unpooled.buffer().writeZero(20).setShort(0, 0xc802).setShort(2, 20);
        assertThat(bounded.receive(ControlHeader.read(datagram), datagram, 0)).isEqualTo(Verdict.NOTHING);
        assertThat(bounded.nr()).isZero();
    }
}

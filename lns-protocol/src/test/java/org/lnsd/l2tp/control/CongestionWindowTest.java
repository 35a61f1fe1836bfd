package org.lnsd.l2tp.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 2661 Appendix A, sentence by sentence. */
class CongestionWindowTest {
    private static List<Integer> sizesAfter(CongestionWindow window, int acknowledgements) {
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < acknowledgements; i++) {
            window.onAcknowledged();
            sizes.add(window.size());
        }
        return sizes;
    }

    /** "CWND is set to 1, SSTHRESH to the Receive Window Size"; slow start: one more for each acknowledgement. */
    @Test
    void itBeginsWithOneAndGrowsToThePeersWindow() {
        CongestionWindow window = new CongestionWindow(4);
        assertThat(window.size()).isOne();
        assertThat(window.threshold()).isEqualTo(4);
        assertThat(sizesAfter(window, 5)).containsExactly(2, 3, 4, 4, 4);
        assertThat(window.congestionWindow()).as("no debt is saved up").isEqualTo(4);
    }

    /** "When a retransmission occurs, one half of CWND is saved in SSTHRESH and CWND is set to 1"; beyond it 1/CWND for each acknowledgement. */
    @Test
    void afterALossItStartsSlowlyToHalfAndThenAvoidsCongestion() {
        CongestionWindow window = new CongestionWindow(8);
        sizesAfter(window, 7);
        assertThat(window.size()).isEqualTo(8);
        window.onRetransmission();
        assertThat(window.size()).isOne();
        assertThat(window.threshold()).isEqualTo(4);
        assertThat(sizesAfter(window, 3)).containsExactly(2, 3, 4);
        assertThat(sizesAfter(window, 4)).containsExactly(4, 4, 4, 5);
        assertThat(sizesAfter(window, 5)).containsExactly(5, 5, 5, 5, 6);
    }

    @Test
    void aSecondLossForgetsWhatWasAcknowledgedTowardsTheNextStep() {
        CongestionWindow window = new CongestionWindow(8);
        window.onRetransmission();
        assertThat(window.threshold()).as("never below one").isOne();
        assertThat(sizesAfter(window, 2)).containsExactly(2, 2);
        window.onRetransmission();
        assertThat(sizesAfter(window, 3)).containsExactly(2, 2, 3);
    }

    /** RFC 2661 section 5.8: a sender never has more unacknowledged than the peer's Receive Window Size. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "32768, 5"})
    void thePeersWindowBoundsIt(int peerWindow, int expected) {
        CongestionWindow window = new CongestionWindow(4);
        window.setPeerWindow(peerWindow);
        assertThat(window.peerWindow()).isEqualTo(peerWindow);
        sizesAfter(window, 4);
        assertThat(window.size()).isEqualTo(expected);
    }

    @Test
    void aWindowThatShrinksBindsAtOnce() {
        CongestionWindow window = new CongestionWindow(8);
        sizesAfter(window, 7);
        window.setPeerWindow(3);
        assertThat(window.size()).isEqualTo(3);
    }
}

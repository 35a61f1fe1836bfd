package org.lnsd.l2tp.control;

/** Slow start and congestion avoidance as RFC 2661 Appendix A prints them, in messages. */
final class CongestionWindow {
    private int peerWindow;
    private int window = 1;
    private int threshold;
    private int acknowledgedSinceGrowth;

    CongestionWindow(int peerWindow) {
        this.peerWindow = peerWindow;
        threshold = peerWindow;
    }

    /** The peer told its Receive Window Size. */
    void setPeerWindow(int messages) {
        peerWindow = messages;
        threshold = messages;
    }

    /** How many messages may be unacknowledged. */
    int size() { return Math.min(window, peerWindow); }

    int congestionWindow() { return window; }

    int threshold() { return threshold; }

    int peerWindow() { return peerWindow; }

    /** One message was acknowledged. */
    void onAcknowledged() {
        if (window >= peerWindow) {
            return;
        }
        if (window < threshold) {
            window++;
        } else if (++acknowledgedSinceGrowth >= window) {
            acknowledgedSinceGrowth = 0;
            window++;
        }
    }

    /** A message had to be repeated. */
    void onRetransmission() {
        threshold = Math.max(window / 2, 1);
        window = 1;
        acknowledgedSinceGrowth = 0;
    }
}

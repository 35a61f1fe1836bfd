package org.lnsd.daemon.forwarding;

import io.netty.buffer.ByteBuf;

/**
 * The forwarding plane as the control plane sees it. Every method except {@link #read} and {@link #counters} is called on
 * the control loop that was given to the engine; none blocks.
 */
public interface Forwarding extends AutoCloseable {

    /** What {@link #install} returns when every row is taken. */
    int NO_ROW = -1;

    /**
     * A call is established: data messages of (localTunnelId, localSessionId) that come from the tunnel's peer address and
     * port are demultiplexed; everything that is not IP data goes to the sink.
     *
     * @return the row, or {@link #NO_ROW} if the table is full or the path's local address is not listened on
     */
    int install(SessionPath path, PuntSink sink);

    /** LCP agreed or the tunnel's peer moved: MTU, framing, sequencing, peer address. The local ids must not change. */
    void update(int row, SessionPath path);

    /** IP may flow: replaces the row's former set of addresses and prefixes. */
    void attach(int row, Networks networks);

    /** No IP any more; the link stays, and its control frames still go to the sink. */
    void detach(int row);

    /**
     * The call of a row is over, or has another row, but its networks and limits stay: the row is not found by that call any
     * more, what is sent for it goes the way of another call, and the sink gets what is not forwarded. May be called again.
     */
    default void lend(int row, SessionPath path, PuntSink sink) {}

    /** What the session may do from now on; a plane that cannot limit ignores it. */
    default void limit(int row, Limits limits) {}

    /** How many threads judge packets by {@link Limits}. */
    default int threads() { return 1; }

    /** Forgets the row. Its counters may still be read in the same task of the control loop; the number is reused later. */
    void remove(int row);

    /** Sums the threads' counters of a row. Any thread; exact once the row's traffic has stopped. */
    void read(int row, SessionCounters into);

    /** Encapsulates a PPP frame (it begins with FF 03 or its protocol field) and sends it; takes ownership. */
    void sendFrame(int row, ByteBuf pppFrame);

    /** Sends a whole L2TP control message; takes ownership. The path's ids are not looked at, only its addresses. */
    void sendControl(TunnelPath path, ByteBuf l2tpControlMessage);

    /** Sends an IP packet of ours (router advertisement, DHCPv6, ICMP) to the subscriber, not counted; takes ownership. */
    void injectDown(int row, ByteBuf ipPacket);

    /** Treats a frame that was put together from fragments as if it had come on the row's link; takes ownership. */
    default void injectUp(int row, ByteBuf pppFrame) {
        pppFrame.release();
    }

    /**
     * A link of a bundle has carried a part of an IP packet: {@code octets} of it count on that link, and on no other.
     *
     * @param fromSubscriber which way it went
     */
    default void count(int row, boolean fromSubscriber, int octets, boolean ipv6) {}

    /** Totals and drops by reason over all threads. Any thread. */
    ForwardingCounters counters();

    /** Stops the threads and closes sockets and device. */
    @Override
    void close();
}

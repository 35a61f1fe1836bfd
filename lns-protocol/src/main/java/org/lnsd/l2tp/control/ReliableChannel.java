package org.lnsd.l2tp.control;

import java.util.ArrayDeque;
import java.util.Iterator;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.header.ControlHeader;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.IntObjectHashMap;

/**
 * Reliable, ordered delivery of control messages over datagrams (RFC 2661 section 5.8, Appendix A).
 *
 * <p>Way out: {@link #send} numbers nothing yet and queues; {@link #pollTransmit} gives what the window allows, then a ZLB when an acknowledgement is due
 * and nothing carried it. Way in: {@link #receive} judges a header, {@link #takeNext} gives the messages that were held until their turn.
 */
public final class ReliableChannel {
    /** What to do with a received message. */
    public enum Verdict {
        /** It is the expected one: process it now, then all of {@link #takeNext}. */
        IN_ORDER,
        /** An acknowledgement only, a repetition, ahead of its turn or out of the window: nothing to process. */
        NOTHING
    }

    /** A message on its way to the peer; {@code inFlight}: counted against the window since the last timeout. */
    private static final class Outgoing {
        final byte[] octets;
        int ns = -1;
        boolean inFlight;

        Outgoing(byte[] octets) { this.octets = octets; }
    }

    private final DeliverySettings settings;
    private final ByteBufAllocator allocator;
    private final ChannelCounters counters = new ChannelCounters();
    private final CongestionWindow window = new CongestionWindow(4);
    private final ArrayDeque<Outgoing> unacknowledged = new ArrayDeque<>(4);
    private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>(4);
    private @Nullable IntObjectHashMap<byte[]> held;
    private int inFlight;
    private int ns;
    private int nr;
    private boolean acknowledgementDue;
    private int attempts;
    private long retransmitTimeoutNs;
    private long retransmitAtNs = Long.MAX_VALUE;
    private boolean exhausted;

    public ReliableChannel(DeliverySettings settings, ByteBufAllocator allocator) {
        this.settings = settings;
        this.allocator = allocator;
        retransmitTimeoutNs = settings.retransmitInitialNs();
    }

    /** The peer told its Receive Window Size, at least 1. */
    public void setPeerWindow(int messages) {
        window.setPeerWindow(messages);
    }

    /** Queues a whole message; takes ownership of {@code octets}. */
    public void send(byte[] octets) {
        waiting.add(new Outgoing(octets));
    }

    /** Borrows {@code datagram}, whose header is {@code header}. */
    public Verdict receive(ControlHeader header, ByteBuf datagram, long nowNs) {
        acknowledge(header.nr(), nowNs);
        if (header.isZeroLengthBody()) {
            counters.acknowledgementsReceived++;
            return Verdict.NOTHING;
        }
        int ahead = SerialNumber.distance(header.ns(), nr);
        if (ahead < 0) {
            counters.duplicates++;
            acknowledgementDue = true;
            return Verdict.NOTHING;
        }
        if (ahead >= settings.receiveWindow() || isOverloaded()) {
            counters.outOfWindow++;
            return Verdict.NOTHING;
        }
        if (ahead > 0) {
            hold(header, datagram);
            return Verdict.NOTHING;
        }
        if (held != null) {
            held.remove(header.ns());
        }
        advance();
        return Verdict.IN_ORDER;
    }

    private boolean isOverloaded() { return unacknowledged.size() + waiting.size() > settings.maximumQueue(); }

    private void hold(ControlHeader header, ByteBuf datagram) {
        if (held == null) {
            held = new IntObjectHashMap<>();
        }
        if (held.containsKey(header.ns())) {
            counters.duplicates++;
            return;
        }
        byte[] octets = new byte[header.lengthBytes()];
        datagram.getBytes(datagram.readerIndex(), octets);
        held.put(header.ns(), octets);
        counters.heldOutOfOrder++;
    }

    /** The next held message whose turn has come, null: none. */
    public byte @Nullable [] takeNext() {
        byte[] next = held == null || held.isEmpty() || isOverloaded() ? null : held.remove(nr);
        if (next != null) {
            advance();
        }
        return next;
    }

    private void advance() {
        nr = SerialNumber.plus(nr, 1);
        acknowledgementDue = true;
        counters.messagesReceived++;
    }

    private void acknowledge(int peerNr, long nowNs) {
        if (SerialNumber.distance(peerNr, ns) > 0) {
            counters.badAcknowledgements++;
            return;
        }
        boolean progress = false;
        Outgoing first = unacknowledged.peek();
        while (first != null && SerialNumber.distance(first.ns, peerNr) < 0) {
            unacknowledged.remove();
            inFlight -= first.inFlight ? 1 : 0;
            window.onAcknowledged();
            progress = true;
            first = unacknowledged.peek();
        }
        if (progress) {
            attempts = 0;
            retransmitTimeoutNs = settings.retransmitInitialNs();
            retransmitAtNs = unacknowledged.isEmpty() ? Long.MAX_VALUE : nowNs + retransmitTimeoutNs;
        }
    }

    /** Repeats the oldest message when it is due; with the attempts used up the channel {@link #isExhausted}. */
    public void onTimeout(long nowNs) {
        if (nowNs < retransmitAtNs) {
            return;
        }
        if (attempts >= settings.attempts()) {
            exhausted = true;
            retransmitAtNs = Long.MAX_VALUE;
            return;
        }
        attempts++;
        retransmitTimeoutNs = Math.min(retransmitTimeoutNs * 2, settings.retransmitMaximumNs());
        retransmitAtNs = nowNs + retransmitTimeoutNs;
        window.onRetransmission();
        for (Outgoing message : unacknowledged) {
            message.inFlight = false;
        }
        inFlight = 0;
    }

    /** When {@link #onTimeout} is due, {@link Long#MAX_VALUE}: never. */
    public long nextDeadlineNs() {
        return retransmitAtNs;
    }

    /** The peer does not acknowledge any more. */
    public boolean isExhausted() { return exhausted; }

    /** Returns an owned datagram, null: nothing to send now. */
    public @Nullable ByteBuf pollTransmit(int peerTunnelId, long nowNs) {
        if (exhausted) {
            return null;
        }
        if (inFlight < window.size()) {
            Outgoing next = nextToSend(nowNs);
            if (next != null) {
                return datagram(next.octets, next.ns);
            }
        }
        return acknowledgementDue ? zeroLengthBody(peerTunnelId) : null;
    }

    private @Nullable Outgoing nextToSend(long nowNs) {
        if (inFlight < unacknowledged.size()) {
            for (Iterator<Outgoing> all = unacknowledged.iterator(); all.hasNext();) {
                Outgoing message = all.next();
                if (!message.inFlight) {
                    counters.retransmissions++;
                    return launch(message);
                }
            }
        }
        Outgoing fresh = waiting.poll();
        if (fresh == null) {
            return null;
        }
        fresh.ns = ns;
        ns = SerialNumber.plus(ns, 1);
        counters.messagesSent++;
        if (unacknowledged.isEmpty()) {
            retransmitAtNs = nowNs + retransmitTimeoutNs;
        }
        unacknowledged.add(fresh);
        return launch(fresh);
    }

    private Outgoing launch(Outgoing message) {
        message.inFlight = true;
        inFlight++;
        return message;
    }

    private ByteBuf datagram(byte[] octets, int messageNs) {
        ByteBuf datagram = allocator.buffer(octets.length);
        datagram.writeBytes(octets);
        datagram.setShort(ControlHeader.NS_OFFSET, messageNs);
        datagram.setShort(ControlHeader.NR_OFFSET, nr);
        acknowledgementDue = false;
        return datagram;
    }

    private ByteBuf zeroLengthBody(int peerTunnelId) {
        ByteBuf datagram = allocator.buffer(ControlHeader.LENGTH_BYTES);
        datagram.writeShort(ControlHeader.CONTROL_FLAGS);
        datagram.writeShort(ControlHeader.LENGTH_BYTES);
        datagram.writeShort(peerTunnelId);
        datagram.writeShort(0);
        datagram.writeShort(ns);
        datagram.writeShort(nr);
        acknowledgementDue = false;
        counters.acknowledgementsSent++;
        return datagram;
    }

    /** Forgets what waits and was never sent; what was sent is still repeated. */
    public void dropWaiting() {
        waiting.clear();
    }

    /** Forgets all that is still to be sent or acknowledged by the peer. */
    public void dropAll() {
        waiting.clear();
        unacknowledged.clear();
        inFlight = 0;
        retransmitAtNs = Long.MAX_VALUE;
    }

    /** Whether the peer has acknowledged everything and nothing waits. */
    public boolean isIdle() {
        return unacknowledged.isEmpty() && waiting.isEmpty();
    }

    /** Starts with other sequence numbers than 0, for tests of the wrap. */
    void startAt(int firstNs, int firstNr) {
        ns = firstNs;
        nr = firstNr;
    }

    public int ns() { return ns; }

    public int nr() { return nr; }

    public int peerWindow() { return window.peerWindow(); }

    public int congestionWindow() { return window.congestionWindow(); }

    public int slowStartThreshold() { return window.threshold(); }

    public int unacknowledgedCount() { return unacknowledged.size(); }

    public int waitingCount() { return waiting.size(); }

    public ChannelCounters counters() { return counters; }
}

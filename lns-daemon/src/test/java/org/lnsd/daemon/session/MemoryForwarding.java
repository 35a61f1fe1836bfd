package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.ForwardingCounters;
import org.lnsd.daemon.forwarding.Limits;
import org.lnsd.daemon.forwarding.Networks;
import org.lnsd.daemon.forwarding.PuntSink;
import org.lnsd.daemon.forwarding.SessionCounters;
import org.lnsd.daemon.forwarding.SessionPath;
import org.lnsd.daemon.forwarding.TunnelPath;
import org.lnsd.daemon.loop.VirtualLoop;

/** A forwarding plane that hands everything to scripted LACs in the same process. */
final class MemoryForwarding implements Forwarding {

    final Map<Integer, Row> rows = new LinkedHashMap<>();
    final Map<Object, ScriptedLac> lacs = new HashMap<>();
    int capacity = Integer.MAX_VALUE;
    /** What another thread does while a row is installed. */
    Runnable meanwhile = () -> {};
    /** Rows that frames were injected for. */
    final List<Integer> injectedUp = new ArrayList<>();
    private final VirtualLoop loop;
    private int lastRow;

    MemoryForwarding(VirtualLoop loop) { this.loop = loop; }

    static final class Row {
        PuntSink sink;
        SessionPath path;
        boolean lent;
        @Nullable
        Networks networks;
        Limits limits = Limits.NONE;
        final SessionCounters counters = new SessionCounters();

        Row(PuntSink sink, SessionPath path) {
            this.sink = sink;
            this.path = path;
        }
    }

    @Override
    public int install(SessionPath path, PuntSink sink) {
        meanwhile.run();
        if (rows.size() >= capacity) {
            return NO_ROW;
        }
        rows.put(++lastRow, new Row(sink, path));
        return lastRow;
    }

    @Override
    public void update(int row, SessionPath path) { row(row).path = path; }

    @Override
    public void attach(int row, Networks networks) { row(row).networks = networks; }

    @Override
    public void detach(int row) { row(row).networks = null; }

    @Override
    public void lend(int row, SessionPath path, PuntSink sink) {
        row(row).lent = true;
        row(row).path = path;
        row(row).sink = sink;
    }

    @Override
    public void limit(int row, Limits limits) { row(row).limits = limits; }

    @Override
    public void remove(int row) {
        row(row);
        rows.remove(row);
    }

    @Override
    public void read(int row, SessionCounters into) {
        Row present = rows.get(row);
        if (present != null) {
            into.packetsIn = present.counters.packetsIn;
            into.octetsIn = present.counters.octetsIn;
            into.packetsOut = present.counters.packetsOut;
            into.octetsOut = present.counters.octetsOut;
            into.lastInNs = present.counters.lastInNs;
            into.lastOutNs = present.counters.lastOutNs;
        }
    }

    @Override
    public void sendFrame(int row, ByteBuf frame) {
        SessionPath path = row(row).path;
        deliver(path.tunnel(), frame, lac -> lac.onFrame(path.peerSessionId(), frame));
    }

    @Override
    public void sendControl(TunnelPath path, ByteBuf message) { deliver(path, message, lac -> lac.onControl(message)); }

    private void deliver(TunnelPath path, ByteBuf owned, java.util.function.Consumer<ScriptedLac> to) {
        loop.execute(() -> {
            ScriptedLac lac = lacs.get(path.peer());
            if (lac != null) {
                to.accept(lac);
            }
            owned.release();
        });
    }

    /** A frame of a LAC's subscriber arrives; borrowed. */
    void arrive(int localTunnelId, int localSessionId, ByteBuf frame) {
        for (Map.Entry<Integer, Row> entry : List.copyOf(rows.entrySet())) {
            SessionPath path = entry.getValue().path;
            if (!entry.getValue().lent && path.tunnel().localTunnelId() == localTunnelId
                    && path.localSessionId() == localSessionId) {
                entry.getValue().sink.onFrame(entry.getKey(), frame, loop.nowNs());
            }
        }
    }

    @Override
    public void count(int row, boolean fromSubscriber, int octets, boolean ipv6) {
        SessionCounters counters = row(row).counters;
        counters.octetsIn += fromSubscriber ? octets : 0;
        counters.octetsOut += fromSubscriber ? 0 : octets;
        counters.lastInNs = fromSubscriber ? loop.nowNs() : counters.lastInNs;
        counters.lastOutNs = fromSubscriber ? counters.lastOutNs : loop.nowNs();
    }

    @Override
    public void injectDown(int row, ByteBuf ipPacket) {
        row(row);
        ipPacket.release();
    }

    @Override
    public void injectUp(int row, ByteBuf pppFrame) {
        injectedUp.add(row);
        pppFrame.release();
    }

    @Override
    public ForwardingCounters counters() {
        return new ForwardingCounters(0, 0, 0, 0, Map.of(), 0, 0, 0, 0, 0, 0, List.of(), Map.of());
    }

    @Override
    public void close() {
        // nothing is open
    }

    private Row row(int number) {
        Row row = rows.get(number);
        if (row == null) {
            throw new IllegalStateException("row " + number + " is not installed");
        }
        return row;
    }
}

package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** Two links on a virtual clock, with a wire between them that loses, repeats and reorders as a seed says. */
final class Wire implements AutoCloseable {
    static final long MILLISECOND = 1_000_000L;

    final Station server;
    final Station client;
    private final Random chance;
    private final double faultRate;
    private final PriorityQueue<Flight> flights = new PriorityQueue<>(
            Comparator.comparingLong(Flight::arrivalNs).thenComparingLong(Flight::sequence));
    private long sequence;
    long nowNs = 1_000_000_000L;
    long delayNs = 5 * MILLISECOND;
    long framesCarried;

    Wire(Station server, Station client, long seed, double faultRate) {
        this.server = server;
        this.client = client;
        chance = new Random(seed);
        this.faultRate = faultRate;
    }

    private record Flight(long arrivalNs, long sequence, Station to, ByteBuf frame) {}

    /** Drains both ends and puts their frames on the wire. */
    void drain() {
        boolean moved = true;
        while (moved) {
            moved = carry(server, client);
            moved |= carry(client, server);
            moved |= server.handleEvents(nowNs);
            moved |= client.handleEvents(nowNs);
        }
    }

    private boolean carry(Station from, Station to) {
        boolean any = false;
        for (ByteBuf frame = from.link.pollTransmit(); frame != null; frame = from.link.pollTransmit()) {
            any = true;
            framesCarried++;
            from.onSent(frame);
            if (chance.nextDouble() < faultRate) {
                frame.release();
                continue;
            }
            if (chance.nextDouble() < faultRate) {
                flights.add(new Flight(arrival(), sequence++, to, frame.retainedDuplicate()));
            }
            flights.add(new Flight(arrival(), sequence++, to, frame));
        }
        return any;
    }

    private long arrival() {
        boolean late = chance.nextDouble() < faultRate;
        return nowNs + delayNs + (late ? chance.nextLong(20 * MILLISECOND) : 0);
    }

    /** Runs until nothing is due before the time is over. */
    void run(long forNs) {
        long endNs = nowNs + forNs;
        drain();
        while (true) {
            long nextNs = Math.min(server.link.nextDeadlineNs(), client.link.nextDeadlineNs());
            Flight first = flights.peek();
            nextNs = first == null ? nextNs : Math.min(nextNs, first.arrivalNs());
            if (nextNs > endNs) {
                nowNs = endNs;
                return;
            }
            nowNs = Math.max(nowNs, nextNs);
            step();
        }
    }

    private void step() {
        Flight first = flights.peek();
        if (first != null && first.arrivalNs() <= nowNs) {
            flights.remove();
            first.to().link.onFrame(first.frame(), nowNs);
            first.frame().release();
        } else {
            server.link.onTimeout(nowNs);
            client.link.onTimeout(nowNs);
        }
        drain();
    }

    @Override
    public void close() {
        List<Flight> left = new ArrayList<>(flights);
        flights.clear();
        left.forEach(flight -> flight.frame().release());
        server.link.lowerDown(nowNs);
        client.link.lowerDown(nowNs);
    }
}

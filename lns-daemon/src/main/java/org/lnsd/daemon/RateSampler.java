package org.lnsd.daemon;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.control.TrafficView;
import org.lnsd.daemon.forwarding.ForwardingCounters;
import org.lnsd.daemon.session.Session;
import org.lnsd.daemon.session.SessionServices;
import org.lnsd.daemon.session.SessionViews;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the counters every few seconds and knows the rates between. */
final class RateSampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RateSampler.class);
    private static final long INTERVAL_MS = 1_000;
    private static final int TICKS_PER_SESSION_SAMPLE = 5;
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int BITS = 8;

    private final SessionServices services;
    private final Thread thread;
    private volatile Sample newest;
    private volatile Sample older;
    private volatile SessionRates rates = new SessionRates(0, new long[0], new long[0], null);

    /** The totals at one moment. */
    private record Sample(long timeNs, long octetsIn, long octetsOut, long packetsIn, long packetsOut, long opened) {}

    /** Octets of each forwarding row at one moment, with those of the moment before. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record SessionRates(long timeNs, long[] octetsIn, long[] octetsOut, @Nullable SessionRates former) {

        long in(int row) { return former == null ? 0 : rate(octetsIn, former.octetsIn, row, timeNs - former.timeNs); }

        long out(int row) {
            return former == null ? 0 : rate(octetsOut, former.octetsOut, row, timeNs - former.timeNs);
        }

        private static long rate(long[] now, long[] before, int row, long elapsedNs) {
            if (row < 0 || row >= now.length || row >= before.length || elapsedNs <= 0) {
                return 0;
            }
            return Math.max(0, Math.round((now[row] - before[row]) * BITS * NANOS_PER_SECOND / elapsedNs));
        }

        SessionRates alone() { return new SessionRates(timeNs, octetsIn, octetsOut, null); }
    }

    RateSampler(SessionServices services) {
        this.services = services;
        this.newest = sample();
        this.older = newest;
        thread = Thread.ofVirtual().name("lnsd-rates").start(this::run);
    }

    private void run() {
        int tick = 0;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(INTERVAL_MS);
                older = newest;
                newest = sample();
                if (++tick % TICKS_PER_SESSION_SAMPLE == 0) {
                    sampleSessions();
                }
            } catch (InterruptedException stop) {
                return;
            } catch (RuntimeException defect) {
                // The boundary of the sampler: without rates the daemon still works.
                services.counts().count("bug");
                LOG.error("internal-error class=bug part=rates", defect);
            }
        }
    }

    private Sample sample() {
        ForwardingCounters counters = services.forwarding().counters();
        return new Sample(System.nanoTime(), counters.octetsIn(), counters.octetsOut(), counters.packetsIn(),
                counters.packetsOut(), services.counts().of("opened"));
    }

    private void sampleSessions() {
        int highest = services.table().all().stream().mapToInt(Session::row).max().orElse(-1);
        long[] in = new long[highest + 1];
        long[] out = new long[highest + 1];
        services.table().all().forEach(session -> SessionViews.readOctets(session, in, out));
        rates = new SessionRates(System.nanoTime(), in, out, rates.alone());
    }

    /** All sessions together. */
    TrafficView traffic() {
        Sample now = newest;
        Sample before = older;
        ForwardingCounters counters = services.forwarding().counters();
        return new TrafficView(counters.octetsIn(), counters.octetsOut(), counters.packetsIn(), counters.packetsOut(),
                BITS * rate(now.octetsIn - before.octetsIn, now, before),
                BITS * rate(now.octetsOut - before.octetsOut, now, before),
                rate(now.packetsIn - before.packetsIn, now, before),
                rate(now.packetsOut - before.packetsOut, now, before));
    }

    double setupsPerSecond() { return rate(newest.opened - older.opened, newest, older); }

    /** Bits a second from a session. */
    long bitsPerSecondIn(Session session) { return rates.in(session.row()); }

    /** Bits a second to a session. */
    long bitsPerSecondOut(Session session) { return rates.out(session.row()); }

    private static long rate(long more, Sample now, Sample before) {
        long elapsedNs = now.timeNs - before.timeNs;
        return elapsedNs <= 0 ? 0 : Math.max(0, Math.round(more * NANOS_PER_SECOND / elapsedNs));
    }

    @Override
    public void close() { thread.interrupt(); }
}

package org.lnsd.daemon.aaa.radius;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.config.RadiusConfig;
import org.lnsd.radius.RadiusCode;
import org.lnsd.radius.RadiusPacket;
import org.lnsd.radius.client.RadiusRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.EventLoop;

/** Accounting of all sessions: takes records from any thread, keeps and delivers them on its own loop. */
final class AccountingService {
    private static final Logger LOG = LoggerFactory.getLogger(AccountingService.class);
    private static final long RETRY_SECONDS = 5;
    private static final int LATE_PART = 4;

    private final EventLoop loop;
    private volatile RadiusGroup group;
    private final AccountingJournal journal;
    private final AccountingDelivery delivery;
    private final AccountingRecordWriter writer;
    private volatile Duration usualInterval;
    /** An answer that takes longer tells that the servers are busy. */
    private long lateNs;
    private final RandomGenerator random;
    private final InterimWheel wheel;
    private volatile AccountingStatistics statistics = new AccountingStatistics(0, 0, 0, 0, 0);
    private boolean commitScheduled;
    private boolean toldFull;

    AccountingService(EventLoop loop, RadiusGroup group, AccountingJournal journal, AccountingRecordWriter writer,
            RadiusConfig config, RandomGenerator random) {
        this.loop = loop;
        this.group = group;
        this.journal = journal;
        this.writer = writer;
        this.usualInterval = config.interimInterval();
        this.lateNs = config.timeout().toNanos() / LATE_PART;
        this.random = random;
        this.delivery = new AccountingDelivery(journal, this::send);
        this.wheel = new InterimWheel(second());
    }

    /** Begins to work, on the loop: first with what an earlier run left behind. */
    void start() {
        if (journal instanceof DiskJournal disk) {
            recover(disk);
        }
        group.onServerAlive(delivery::serverAlive);
        LoopTask.every(loop, 1, TimeUnit.SECONDS, "accounting-tick", this::tick);
        LoopTask.every(loop, RETRY_SECONDS, TimeUnit.SECONDS, "accounting-retry", delivery::retry);
    }

    private void recover(DiskJournal disk) {
        List<AccountingRecord> open = disk.openSessions();
        List<Long> undelivered = disk.undelivered();
        undelivered.forEach(number -> delivery.recover(number, disk.read(number)));
        open.forEach(newest -> delivery.submit(writer.stopOfKilled(newest)));
        if (!open.isEmpty() || !undelivered.isEmpty()) {
            LOG.info("accounting-recovered undelivered={} sessions-without-stop={}", undelivered.size(), open.size());
        }
        delivery.commit();
    }

    AccountingRecordWriter writer() { return writer; }

    /** The counters, at most a second old. From any thread. */
    AccountingStatistics statistics() { return statistics; }

    /** Takes a record, which is written on the loop: who submits has other work. From any thread. */
    void submit(Supplier<AccountingRecord> written) {
        LoopTask.soon(loop, "accounting-record", () -> {
            AccountingRecord record = written.get();
            boolean kept = delivery.submit(record);
            if (!kept && !toldFull) {
                LOG.error("accounting-spool-full session={} status={} live-bytes={}", record.sessionId(),
                        record.status(),
                        journal.liveBytes());
            }
            toldFull = !kept;
            commitSoon();
        });
    }

    /** Schedules an interim record. From any thread. Null: none is wanted. */
    InterimWheel.@Nullable Entry scheduleInterim(Optional<Duration> interval, Runnable action) {
        long seconds = interval.orElse(usualInterval).toSeconds();
        if (seconds <= 0) {
            return null;
        }
        // Up to 15 % early, so that sessions that came together spread out.
        long jitteredSeconds = Math.max(1, Math.round(seconds * (1 - 0.15 * random.nextDouble())));
        InterimWheel.Entry entry = new InterimWheel.Entry(action);
        loop.execute(() -> wheel.add(entry, jitteredSeconds));
        return entry;
    }

    /** Runs {@code action} once all records have been taken, if ever. On the loop. */
    void whenIdle(Runnable action) {
        if (delivery.waitingSessions() == 0) {
            action.run();
        } else {
            LoopTask.after(loop, 10, TimeUnit.MILLISECONDS, "accounting-idle", () -> whenIdle(action));
        }
    }

    RadiusGroup group() { return group; }

    /** Takes over other servers, on the loop: what is under way ends with the former ones, or is sent again to these. */
    void reconfigure(RadiusGroup next, RadiusConfig config) {
        RadiusGroup former = group;
        next.succeed(former);
        next.onServerAlive(delivery::serverAlive);
        group = next;
        usualInterval = config.interimInterval();
        lateNs = config.timeout().toNanos() / LATE_PART;
        LoopTask.after(loop, RadiusAaa.FORMER_SERVERS_MS, TimeUnit.MILLISECONDS, "radius-former", former::close);
    }

    void close() {
        group.close();
        journal.flush();
        journal.close();
    }

    private void send(long number, AccountingRecord record) {
        long answersBefore = delivery.answers();
        long sentNs = System.nanoTime();
        long eventNs = sentNs - (System.currentTimeMillis() - record.eventTimeMs()) * 1_000_000L;
        RadiusRequest request = new RadiusRequest(RadiusCode.ACCOUNTING_REQUEST, record.attributes(), Optional.empty(),
                eventNs);
        group.submit(request, record.user(), new RadiusGroup.Outcome() {
            @Override
            public void answered(RadiusPacket answer) {
                delivery.answered(record.sessionId(), number, System.nanoTime() - sentNs > lateNs);
                commitSoon();
            }

            @Override
            public void failed(String why) { delivery.failed(record.sessionId(), answersBefore); }
        });
    }

    private void commitSoon() {
        if (!commitScheduled) {
            commitScheduled = true;
            LoopTask.soon(loop, "accounting-commit", () -> {
                commitScheduled = false;
                delivery.commit();
            });
        }
    }

    private void tick() {
        wheel.advance(second());
        journal.sync();
        group.refreshStatistics();
        statistics = new AccountingStatistics(delivery.delivered, delivery.failures, delivery.discarded,
                delivery.waitingSessions(), journal.liveBytes());
    }

    private static long second() { return System.nanoTime() / 1_000_000_000L; }
}

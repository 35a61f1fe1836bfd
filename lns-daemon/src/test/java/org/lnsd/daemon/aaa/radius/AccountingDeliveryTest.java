package org.lnsd.daemon.aaa.radius;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;

/** Delivery and journal against a server that is there or not, with the process ending at random moments. */
class AccountingDeliveryTest {
    private static final long SEED = 20261122;
    private static final long LIMIT_BYTES = 1 << 24;

    @TempDir
    Path folder;

    private final List<String> taken = new ArrayList<>();
    private final ArrayDeque<Runnable> wire = new ArrayDeque<>();
    private boolean serverUp = true;
    private boolean late;
    private final AccountingRecordWriter writer = new AccountingRecordWriter(new NasIdentity("n", Optional.empty()));

    // RFC 2866 section 2: a Stop tells of a session whose Start has been told
    @Test
    void deliversEachSessionsRecordsInOrderThroughOutagesAndKills() throws IOException {
        Random random = new Random(SEED);
        Run run = new Run();
        List<String> open = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            if (random.nextInt(200) == 0) {
                serverUp = !serverUp;
            }
            if (random.nextInt(1000) == 0) {
                wire.clear();
                open.clear();
                run.kill();
                run = new Run();
            }
            if (open.isEmpty() || random.nextInt(3) == 0) {
                String session = "S" + step;
                open.add(session);
                run.submit(session, AccountingStatus.START);
            } else {
                String session = open.get(random.nextInt(open.size()));
                boolean ends = random.nextBoolean();
                run.submit(session, ends ? AccountingStatus.STOP : AccountingStatus.INTERIM);
                if (ends) {
                    open.remove(session);
                }
            }
            run.turn(random.nextInt(4));
        }
        serverUp = true;
        for (String session : open) {
            run.submit(session, AccountingStatus.STOP);
        }
        while (run.delivery.waitingSessions() > 0) {
            run.delivery.commit();
            run.delivery.retry();
            run.turn(Integer.MAX_VALUE);
        }
        assertOneStartAndOneStopEach();
        run.journal.close();
    }

    private void assertOneStartAndOneStopEach() {
        Map<String, List<String>> sessions = new HashMap<>();
        taken.forEach(record -> sessions.computeIfAbsent(record.split(" ", -1)[0], _ -> new ArrayList<>())
                .add(record.split(" ", -1)[1]));
        sessions.forEach((session, statuses) -> {
            assertThat(statuses).as("%s, seed %d", session, SEED).startsWith("START").endsWith("STOP");
            // A record whose answer was under way when the process was killed is sent again.
            assertThat(statuses.stream().distinct().filter(status -> !status.equals("INTERIM")))
                    .containsExactly("START", "STOP");
        });
    }

    @Test
    void sendsNothingThatTheKernelDoesNotHoldYet() throws IOException {
        Run run = new Run();
        run.submit("A", AccountingStatus.START);
        assertThat(wire).isEmpty();
        run.delivery.commit();
        assertThat(wire).hasSize(1);
        run.turn(1);
        run.delivery.commit();
        run.submit("A", AccountingStatus.STOP);
        assertThat(taken).containsExactly("A START");
        assertThat(wire).as("the Stop is not written yet").isEmpty();
        run.kill();
        run = new Run();
        run.turn(1);
        assertThat(taken).as("what the killed run did not write is told anew").containsExactly("A START", "A STOP");
        run.journal.close();
    }

    @Test
    void asksNoMoreThanTheServersAnswerInTime() throws IOException {
        Run run = new Run();
        for (int i = 0; i < 2_000; i++) {
            run.submit("S" + i, AccountingStatus.START);
        }
        run.delivery.commit();
        int first = wire.size();
        assertThat(first).isLessThan(100);
        run.turn(500);
        int grown = wire.size();
        assertThat(grown).as("answers come in time").isGreaterThan(500);
        late = true;
        run.turn(1_000);
        assertThat(wire.size()).as("answers come late").isLessThan(20);
        run.journal.close();
    }

    @Test
    void cutsATornEndOff() throws IOException {
        DiskJournal journal = DiskJournal.open(folder, LIMIT_BYTES);
        journal.append(record("A", AccountingStatus.START));
        journal.append(record("B", AccountingStatus.START));
        journal.close();
        Path file = folder.resolve("accounting.journal");
        byte[] whole = Files.readAllBytes(file);
        for (int cut = whole.length - 1; cut >= whole.length / 2; cut--) {
            Files.write(file, java.util.Arrays.copyOf(whole, cut));
            DiskJournal torn = DiskJournal.open(folder, LIMIT_BYTES);
            assertThat(torn.undelivered()).containsExactly(1L);
            assertThat(torn.read(1).sessionId()).isEqualTo("A");
            torn.close();
        }
    }

    @Test
    void keepsTheOldestWhenFull() throws IOException {
        DiskJournal journal = DiskJournal.open(folder, 200);
        long first = journal.append(record("A", AccountingStatus.START));
        for (int i = 0; i < 20; i++) {
            journal.append(record("B" + i, AccountingStatus.START));
        }
        assertThat(journal.append(record("C", AccountingStatus.START))).isEqualTo(-1);
        assertThat(journal.read(first).sessionId()).isEqualTo("A");
        journal.done(first);
        assertThat(journal.append(record("C", AccountingStatus.START))).isPositive();
        journal.close();
    }

    @Test
    void forgetsWhatWasDeliveredWhenTheFileIsWrittenAnew() throws IOException {
        DiskJournal journal = DiskJournal.open(folder, LIMIT_BYTES);
        for (int i = 0; i < 80_000; i++) {
            long start = journal.append(record("S" + i, AccountingStatus.START));
            journal.done(start);
            if (i > 10) {
                journal.done(journal.append(record("S" + i, AccountingStatus.STOP)));
            }
        }
        long waiting = journal.append(record("W", AccountingStatus.START));
        journal.sync();
        journal.close();
        assertThat(Files.size(folder.resolve("accounting.journal"))).isLessThan(10_000);
        DiskJournal again = DiskJournal.open(folder, LIMIT_BYTES);
        assertThat(again.undelivered()).containsExactly(waiting);
        assertThat(again.openSessions()).hasSize(12);
        again.close();
    }

    private static AccountingRecord record(String session, AccountingStatus status) {
        return new AccountingRecord(session, status, "u", 1, new ArrayList<>(List.of(
                RadiusAttribute.integer(Attributes.ACCT_STATUS_TYPE, status.code()))));
    }

    /** One life of the process. */
    private final class Run {
        final DiskJournal journal = DiskJournal.open(folder, LIMIT_BYTES);
        final AccountingDelivery delivery = new AccountingDelivery(journal, this::send);

        Run() throws IOException {
            List<AccountingRecord> killed = journal.openSessions();
            journal.undelivered().forEach(number -> delivery.recover(number, journal.read(number)));
            killed.forEach(newest -> delivery.submit(writer.stopOfKilled(newest)));
            delivery.commit();
        }

        private void send(long number, AccountingRecord record) {
            long before = delivery.answers();
            wire.add(() -> {
                if (serverUp) {
                    taken.add(record.sessionId() + " " + record.status());
                    delivery.answered(record.sessionId(), number, late);
                } else {
                    delivery.failed(record.sessionId(), before);
                }
            });
        }

        void submit(String session, AccountingStatus status) {
            assertThat(delivery.submit(record(session, status))).isTrue();
        }

        void turn(int packets) {
            for (int i = 0; i < packets && !wire.isEmpty(); i++) {
                wire.remove().run();
            }
            if (packets == 2) {
                delivery.commit();
            }
            if (packets == 3) {
                delivery.retry();
            }
        }

        /** As if killed: what was given to the kernel stays, what was not is gone. */
        void kill() throws IOException {
            Path file = folder.resolve("accounting.journal");
            byte[] given = Files.readAllBytes(file);
            journal.close();
            Files.write(file, given);
        }
    }
}

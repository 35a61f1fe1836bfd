package org.lnsd.daemon.aaa.radius;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Brings records to the servers: of each session one at a time and in order, so that a Stop never overtakes its Start, and none before
 * the journal has given it to the kernel, so that what a server knows is never forgotten here. While no server answers, a few records a
 * turn find out whether one does again; how many are under way at a time follows how quickly answers come, because a server that is
 * asked more than it can do answers late, is asked again, and writes down a record twice. Knows no time: whoever uses it calls
 * {@link #commit} after records have come and {@link #retry} now and then.
 */
final class AccountingDelivery {
    private static final int LARGEST_WINDOW = 1024;
    private static final int FIRST_WINDOW = 64;
    private static final int SMALLEST_WINDOW = 8;
    private static final int OUTAGE_WINDOW = 4;

    /** Hands a record to the servers; the outcome comes through {@link #answered} or {@link #failed}. */
    interface Sender {
        /** Sends the record of a number. */
        void send(long number, AccountingRecord record);
    }

    private static final class Line {
        final ArrayDeque<Pending> records = new ArrayDeque<>(2);
        boolean inFlight;
    }

    private record Pending(long number, AccountingStatus status) {}

    private final AccountingJournal journal;
    private final Sender sender;
    private final Map<String, Line> lines = new HashMap<>();
    private final ArrayDeque<String> ready = new ArrayDeque<>();
    private final ArrayDeque<String> failedLines = new ArrayDeque<>();
    /** Sessions whose next record is not with the kernel yet. */
    private final ArrayDeque<String> uncommittedLines = new ArrayDeque<>();
    private long appendedNumber;
    private long committedNumber;
    private int window = FIRST_WINDOW;
    private int inFlight;
    private boolean outage;
    private long answers;

    long delivered;
    long discarded;
    long failures;

    AccountingDelivery(AccountingJournal journal, Sender sender) {
        this.journal = journal;
        this.sender = sender;
    }

    /** A new record. Sent after the next {@link #commit}. False: there was no room for it. */
    boolean submit(AccountingRecord record) {
        long number = journal.append(record);
        if (number < 0) {
            discarded++;
            return false;
        }
        appendedNumber = number;
        enqueue(record.sessionId(), number, record.status());
        return true;
    }

    /** A record that the journal had from before. Sent with the next {@link #retry}. */
    void recover(long number, AccountingRecord record) {
        appendedNumber = Math.max(appendedNumber, number);
        committedNumber = appendedNumber;
        enqueue(record.sessionId(), number, record.status());
    }

    /** Gives to the kernel what has come, so that it survives the end of the process, and sends it. */
    void commit() {
        journal.flush();
        committedNumber = appendedNumber;
        ready.addAll(uncommittedLines);
        uncommittedLines.clear();
        sendReady();
    }

    private void enqueue(String sessionId, long number, AccountingStatus status) {
        Line line = lines.computeIfAbsent(sessionId, _ -> new Line());
        dropSuperseded(line, status);
        boolean wasEmpty = line.records.isEmpty();
        line.records.add(new Pending(number, status));
        if (wasEmpty) {
            ready.add(sessionId);
        }
    }

    /** A newer interim record, or the Stop, says more than an interim record that has not been sent. */
    private void dropSuperseded(Line line, AccountingStatus status) {
        Pending last = line.records.peekLast();
        boolean waits = last != null && !(line.inFlight && line.records.size() == 1);
        if (waits && last.status == AccountingStatus.INTERIM && status != AccountingStatus.START
                && line.records.size() > 1) {
            line.records.removeLast();
            journal.done(last.number);
        }
    }

    /**
     * A server has taken the record.
     *
     * @param late it took so long that the servers have enough to do
     */
    void answered(String sessionId, long number, boolean late) {
        window = Math.clamp(window + (late ? -1L : 1L), SMALLEST_WINDOW, LARGEST_WINDOW);
        answers++;
        delivered++;
        outage = false;
        journal.done(number);
        Line line = landed(sessionId);
        if (line != null) {
            line.records.remove();
            if (line.records.isEmpty()) {
                lines.remove(sessionId);
            } else {
                ready.addFirst(sessionId);
            }
        }
        sendReady();
    }

    /**
     * No server has taken the record: it stays.
     *
     * @param answersBefore {@link #answers} when it was sent: when none has come since, no server answers at all
     */
    void failed(String sessionId, long answersBefore) {
        failures++;
        if (landed(sessionId) != null) {
            failedLines.add(sessionId);
        }
        if (answersBefore == answers) {
            outage = true;
            window = FIRST_WINDOW;
        } else {
            sendReady();
        }
    }

    private @Nullable Line landed(String sessionId) {
        inFlight--;
        Line line = lines.get(sessionId);
        if (line != null) {
            line.inFlight = false;
        }
        return line;
    }

    /** Tries again what has failed. */
    void retry() {
        ready.addAll(failedLines);
        failedLines.clear();
        sendReady();
        if (outage) {
            send();
        }
    }

    /** A server answers again. */
    void serverAlive() {
        outage = false;
        retry();
    }

    /** How many answers have come. */
    long answers() { return answers; }

    /** Sessions that have records on their way. */
    int waitingSessions() { return lines.size(); }

    int inFlight() { return inFlight; }

    boolean outage() { return outage; }

    /** Most records under way at a time. */
    int window() { return outage ? OUTAGE_WINDOW : window; }

    private void sendReady() {
        if (!outage) {
            send();
        }
    }

    private void send() {
        while (inFlight < window() && !ready.isEmpty()) {
            String sessionId = ready.remove();
            Line line = lines.get(sessionId);
            if (line == null || line.inFlight || line.records.isEmpty()) {
                continue;
            }
            long number = line.records.element().number;
            if (number > committedNumber) {
                uncommittedLines.add(sessionId);
            } else {
                line.inFlight = true;
                inFlight++;
                sender.send(number, journal.read(number));
            }
        }
    }
}

package org.lnsd.daemon.aaa.radius;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.AccountingSession;
import org.lnsd.daemon.aaa.AccountingSubject;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.SessionAddresses;
import org.lnsd.daemon.aaa.SessionUsage;
import org.lnsd.daemon.aaa.TerminateCause;
import org.lnsd.daemon.aaa.UsageSupplier;
import org.lnsd.radius.RadiusAttribute;

/** Accounting of one session. State is touched on the session's loop only; records are handed to the accounting service. */
final class RadiusAccountingSession implements AccountingSession, Runnable {
    private final AccountingService service;
    private AccountingSubject subject;
    private final UsageSupplier usage;
    private final Executor loop;
    private Profile profile;
    private SessionAddresses addresses = SessionAddresses.NONE;
    private long startedNs;
    private boolean started;
    private boolean stopped;
    private InterimWheel.@Nullable Entry interimTimer;

    RadiusAccountingSession(AccountingService service, AccountingSubject subject, UsageSupplier usage, Executor loop) {
        this.service = service;
        this.subject = subject;
        this.usage = usage;
        this.loop = loop;
        this.profile = subject.profile();
    }

    @Override
    public void start(SessionAddresses given) {
        if (started || stopped) {
            return;
        }
        started = true;
        startedNs = System.nanoTime();
        addresses = given;
        SessionUsage present = usage.read();
        send(AccountingStatus.START, record -> service.writer().addLinks(record, present)); // it has no counters
        armInterim();
    }

    @Override
    public void addressesChanged(SessionAddresses given) {
        boolean changed = !addresses.equals(given);
        addresses = given;
        if (changed) {
            interim();
        }
    }

    @Override
    public void profileChanged(Profile given) {
        boolean anotherInterval = !given.interimInterval().equals(profile.interimInterval());
        profile = given;
        if (anotherInterval && started && !stopped) {
            armInterim();
        }
    }

    @Override
    public void speedsChanged(long transmitBps, long receiveBps) {
        subject = subject.atSpeeds(transmitBps, receiveBps);
    }

    @Override
    public void interim() {
        if (started && !stopped) {
            SessionUsage present = usage.read();
            long seconds = seconds();
            send(AccountingStatus.INTERIM, record -> service.writer().addUsage(record, present, seconds));
        }
    }

    @Override
    public void stop(TerminateCause cause, SessionUsage finalUsage) {
        if (started && !stopped) {
            long seconds = seconds();
            send(AccountingStatus.STOP, record -> {
                service.writer().addUsage(record, finalUsage, seconds);
                service.writer().addCause(record, cause);
            });
        }
        stopped = true;
        if (interimTimer != null) {
            interimTimer.cancel();
        }
    }

    private void armInterim() {
        if (interimTimer != null) {
            interimTimer.cancel();
        }
        interimTimer = service.scheduleInterim(profile.interimInterval(), this);
    }

    /** The interim record is due. From any thread. */
    @Override
    public void run() { loop.execute(this::interimDue); }

    private void interimDue() {
        if (started && !stopped) {
            interim();
            armInterim();
        }
    }

    /** Takes what is so now; the record is written by the accounting service. */
    private void send(AccountingStatus status, Consumer<List<RadiusAttribute>> rest) {
        long nowMs = System.currentTimeMillis();
        Profile profileNow = profile;
        SessionAddresses addressesNow = addresses;
        AccountingSubject subjectNow = subject;
        service.submit(() -> {
            List<RadiusAttribute> attributes = service.writer().session(status, subjectNow, profileNow, addressesNow,
                    nowMs);
            rest.accept(attributes);
            return new AccountingRecord(subjectNow.session().acctSessionId(), status, subjectNow.user(), nowMs,
                    attributes);
        });
    }

    private long seconds() { return (System.nanoTime() - startedNs) / 1_000_000_000L; }
}

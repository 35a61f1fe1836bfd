package org.lnsd.daemon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lnsd.daemon.loop.DeadlineTable;
import org.lnsd.daemon.loop.VirtualLoop;

class WatchdogTest {

    private static final long OWN_PID = 4711;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long INTERVAL_NS = LIMIT_NS / 3;

    private final VirtualLoop control = new VirtualLoop();
    private final DeadlineTable deadlines = new DeadlineTable(control);
    private final Queue<Runnable> forwarding = new ArrayDeque<>();
    private NotifySocket socket;

    @BeforeEach
    void listen(@TempDir Path folder) throws IOException { socket = new NotifySocket(folder.resolve("notify")); }

    @AfterEach
    void close() throws IOException { socket.close(); }

    private ServiceManager manager(String watchdogPid, String watchdogMicroseconds) {
        Map<String, String> environment = new HashMap<>(Map.of("NOTIFY_SOCKET", socket.path()));
        environment.put("WATCHDOG_PID", watchdogPid);
        environment.put("WATCHDOG_USEC", watchdogMicroseconds);
        return ServiceManager.of(environment, OWN_PID);
    }

    private Watchdog started(ServiceManager manager) {
        Watchdog watchdog = new Watchdog(manager, control,
                then -> forwarding.add(() -> control.execute(then)), () -> "2 sessions open");
        watchdog.start(deadlines);
        return watchdog;
    }

    private void forwardingTurns() {
        while (!forwarding.isEmpty()) {
            forwarding.remove().run();
        }
        control.runTasks();
    }

    @Test
    void pingsThreeTimesInTheLimitWhileAllLoopsTurn() throws IOException {
        started(manager("4711", "15000000"));
        for (int round = 0; round < 6; round++) {
            control.advance(round == 0 ? 0 : INTERVAL_NS);
            assertThat(socket.received()).as("round %d, before the forwarding loops", round).isEmpty();
            forwardingTurns();
            assertThat(socket.received()).containsExactly("WATCHDOG=1\nSTATUS=2 sessions open");
        }
    }

    @Test
    void aStuckForwardingLoopEndsThePingsAndItsReturnBringsThemBack() throws IOException {
        started(manager("", "15000000"));
        control.advance(3 * LIMIT_NS);
        assertThat(socket.received()).isEmpty();
        assertThat(forwarding).as("one round under way, no heap of them").hasSize(1);
        forwardingTurns();
        assertThat(socket.received()).hasSize(1);
        control.advance(INTERVAL_NS);
        forwardingTurns();
        assertThat(socket.received()).hasSize(1);
    }

    @Test
    void aStuckControlLoopEndsThePings() throws IOException {
        started(manager("", "15000000"));
        control.advance(0);
        forwarding.remove().run(); // the round is back, but the control loop does not take it
        assertThat(socket.received()).isEmpty();
    }

    @Test
    void aWatchdogForAnotherProcessIsNotOurs() {
        assertThat(manager("1", "15000000").watchdogNs()).isEmpty();
        assertThat(manager("4711", "15000000").watchdogNs()).hasValue(LIMIT_NS);
        assertThat(manager("", "soon").watchdogNs()).isEmpty();
        assertThat(manager("", "0").watchdogNs()).isEmpty();
    }

    @Test
    void withoutAServiceManagerThereIsNothingToDo() {
        started(ServiceManager.of(Map.of(), OWN_PID));
        control.advance(LIMIT_NS);
        assertThat(forwarding).isEmpty();
    }

    @Test
    void tellsTheStagesOfALife() throws IOException {
        ServiceManager manager = manager("", "");
        manager.ready("ready");
        manager.reloading(TimeUnit.SECONDS.toNanos(5));
        manager.stopping();
        assertThat(socket.received()).containsExactly("READY=1\nSTATUS=ready",
                "RELOADING=1\nMONOTONIC_USEC=5000000\nSTATUS=reloading", "STOPPING=1\nSTATUS=stopping");
    }

    @Test
    void aServiceManagerThatWentAwayDisturbsNobody() throws IOException {
        ServiceManager manager = manager("", "");
        socket.close();
        manager.ready("ready");
        manager.alive("ready");
    }
}

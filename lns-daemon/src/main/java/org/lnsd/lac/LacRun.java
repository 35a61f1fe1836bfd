package org.lnsd.lac;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.lnsd.daemon.loop.ControlLoop;
import org.lnsd.daemon.loop.EventLoopControl;

/** One run of {@code lnsd-lac} from the first SCCRQ to the last report. */
final class LacRun implements EmulatorListener {

    private static final long STOP_LIMIT_SECONDS = 10;

    private final LacPlan plan;
    private final PrintStream out;
    private final PrintStream log;
    private final CountDownLatch settledOrStopped = new CountDownLatch(1);
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    /** The system does not give what is needed; the message names it and what would mend it. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) { super(message); }
    }

    LacRun(LacPlan plan, PrintStream out, PrintStream log) {
        this.plan = plan;
        this.out = out;
        this.log = log;
    }

    /** Returns the exit code: 0 if everything came up, 1 otherwise. */
    int run() throws Refused, InterruptedException {
        // INT and TERM start the JVM's end: the hook asks us to stop and waits until the caller of this ends the process
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopForSignal, "stop"));
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            IoEventLoop eventLoop = group.next();
            ControlLoop loop = new EventLoopControl(eventLoop);
            Emulator emulator = new Emulator(plan, loop, new SecureRandom(), ByteBufAllocator.DEFAULT, this);
            try (LacPlane plane = LacPlane.open(plan, eventLoop, emulator)) {
                loop.execute(() -> emulator.start(plane.forwarding(), plane.local(), plane.addresses()));
                return attend(loop, emulator, plane);
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(1, TimeUnit.SECONDS);
            over.countDown();
        }
    }

    private int attend(ControlLoop loop, Emulator emulator, LacPlane plane) throws InterruptedException {
        settledOrStopped.await();
        LacReport cameUp = reportOf(loop, emulator);
        publish(cameUp);
        List<TrafficResult> measured = measure(loop, emulator, plane);
        int holdSeconds = measured.isEmpty() ? plan.load().holdSeconds : Math.max(0, plan.load().holdSeconds);
        if (holdSeconds < 0) {
            stopAsked.await();
        } else {
            stopAsked.await(holdSeconds, TimeUnit.SECONDS);
        }
        LacReport atTheEnd = reportOf(loop, emulator);
        loop.execute(() -> emulator.stop(loop.nowNs()));
        if (!done.await(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            log.println("lnsd-lac: the LNS did not acknowledge the end within " + STOP_LIMIT_SECONDS + " s");
        }
        if (holdSeconds != 0 || !measured.isEmpty()) {
            publish(atTheEnd.with(measured));
        }
        return cameUp.complete() ? 0 : 1;
    }

    private List<TrafficResult> measure(ControlLoop loop, Emulator emulator, LacPlane plane)
            throws InterruptedException {
        List<TrafficResult> results = new ArrayList<>();
        Traffic traffic = plane.traffic(plan, loop, emulator);
        if (traffic == null) {
            return results;
        }
        for (TrafficStep step : plan.steps()) {
            if (stopAsked.getCount() > 0) {
                TrafficResult result = traffic.run(step, stopAsked);
                results.add(result);
                if (!plan.load().quiet) {
                    out.print(result.text());
                    out.flush();
                }
            }
        }
        return results;
    }

    private void stopForSignal() {
        stopAsked.countDown();
        settledOrStopped.countDown();
        try {
            over.await(STOP_LIMIT_SECONDS + 2, TimeUnit.SECONDS);
            // the main thread halts the JVM with its own exit code now; a JVM that it does not halt ends by the signal
            Thread.currentThread().join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static LacReport reportOf(ControlLoop loop, Emulator emulator) {
        return CompletableFuture.supplyAsync(emulator::report, loop).join();
    }

    private void publish(LacReport report) {
        if (!plan.load().quiet) {
            out.print(report.text());
            out.flush();
        }
        Path file = plan.load().json;
        if (file == null) {
            return;
        }
        if (file.toString().equals("-")) {
            out.print(report.json());
            out.flush();
            return;
        }
        try {
            Path written = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(written, report.json());
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException refused) {
            log.println("lnsd-lac: cannot write " + file + ": " + refused.getMessage());
        }
    }

    // ---- on the loop

    @Override
    public void onSettled() { settledOrStopped.countDown(); }

    @Override
    public void onDone() { done.countDown(); }

    @Override
    public void onTunnel(LacTunnel tunnel) {
        if (plan.load().verbose) {
            String failure = tunnel.failure();
            String state = failure != null ? failure : tunnel.closed() ? "closed" : "open";
            log.println(
                    "tunnel id=" + tunnel.localTunnelId() + " peer-id=" + tunnel.path().peerTunnelId() + " " + state);
        }
    }

    @Override
    public void onSubscriber(Subscriber subscriber, Subscriber.State state) {
        if (plan.load().verbose && (state == Subscriber.State.OPEN || state == Subscriber.State.CLOSED
                || state == Subscriber.State.FAILED)) {
            LacReport.SubscriberLine line = subscriber.line();
            log.println(String.format(Locale.ROOT,
                    "session user=%s %s ipv4=%s ipv6=%s delegated=%s set-up-ms=%.1f cause=%s", line.user(),
                    line.state(),
                    line.ipv4(), line.ipv6(), line.ipv6Delegated(), line.setUpMs(), line.cause()));
        }
    }
}

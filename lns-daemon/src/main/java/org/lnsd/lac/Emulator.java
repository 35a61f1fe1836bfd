package org.lnsd.lac;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.forwarding.ControlSink;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.loop.ControlLoop;
import org.lnsd.daemon.loop.DeadlineTable;
import org.lnsd.daemon.net.IpAddresses;

/**
 * The LAC with all its tunnels and subscribers, on one control loop. It opens its tunnels one after another, then sets the subscribers up
 * at the pace of the plan, tells its listener once everything has settled, keeps what is up, and at the end hangs up politely.
 */
final class Emulator implements ControlSink {

    /** Where the whole stands. */
    enum Phase {
        IDLE, TUNNELS, SESSIONS, HOLDING, HANGING_UP, CLOSING, DONE
    }

    private static final int TUNNEL_ID_OFFSET_WITHOUT_LENGTH = 2;
    private static final int LENGTH_BIT = 0x4000;
    private static final long SECOND_NS = 1_000_000_000L;
    /** How long subscribers get to say goodbye, and then the tunnels. */
    private static final long GOODBYE_NS = 3 * SECOND_NS;

    private final LacPlan plan;
    private final ControlLoop loop;
    private final RandomGenerator random;
    private final ByteBufAllocator allocator;
    private final EmulatorListener listener;
    private final CallFactory calls;
    private final DeadlineTable deadlines;
    private final Tally tally = new Tally();
    private final SetupQueue queue;
    private final Churn churn;
    private final GoodbyeTimer goodbye = new GoodbyeTimer(this::onGoodbyeOver);
    private final Int2ObjectHashMap<LacTunnel> tunnelsById = new Int2ObjectHashMap<>();
    private final List<LacTunnel> tunnels = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private Phase phase = Phase.IDLE;
    private DeviceAddresses addresses = DeviceAddresses.NONE;
    private @Nullable Forwarding forwarding;
    private @Nullable InetSocketAddress local;
    private int nextTunnel;
    private int open;

    Emulator(LacPlan plan, ControlLoop loop, RandomGenerator random, ByteBufAllocator allocator,
            EmulatorListener listener) {
        this.plan = plan;
        this.loop = loop;
        this.random = random;
        this.allocator = allocator;
        this.listener = listener;
        calls = new CallFactory(plan);
        deadlines = new DeadlineTable(loop);
        queue = new SetupQueue(plan.load().inFlight, plan.load().ratePerSecond, this::call);
        churn = new Churn(plan.load().churnPerSecond, subscribers, random);
    }

    /**
     * Begins. Called on the loop.
     *
     * @param plane   how frames are sent; this object must be its control sink
     * @param from    the local address of every tunnel
     * @param onDevice where addresses go
     */
    void start(Forwarding plane, InetSocketAddress from, DeviceAddresses onDevice) {
        forwarding = plane;
        local = from;
        addresses = onDevice;
        for (int index = 0; index < plan.subscribers().sessions; index++) {
            subscribers.add(new Subscriber(this, plan.subscribers().first + index));
        }
        enter(Phase.TUNNELS);
        openNextTunnel(loop.nowNs());
    }

    /** Hangs up everything politely; {@link EmulatorListener#onDone} follows within a few seconds. Called on the loop. */
    void stop(long nowNs) {
        if (phase.compareTo(Phase.HANGING_UP) >= 0) {
            return;
        }
        queue.clear();
        churn.stop();
        enter(Phase.HANGING_UP);
        goodbye.arm(nowNs + GOODBYE_NS, deadlines);
        for (Subscriber subscriber : subscribers) {
            subscriber.close("the subscriber hangs up", nowNs);
        }
        settle(nowNs);
    }

    Phase phase() { return phase; }

    LacReport report() {
        List<LacReport.SubscriberLine> lines = subscribers.stream().map(Subscriber::line).toList();
        int openedTunnels = (int) tunnels.stream().filter(LacTunnel::opened).count();
        int everOpen = (int) subscribers.stream().filter(Subscriber::everOpen).count();
        return new LacReport(IpAddresses.format(plan.lns()), plan.tunnels().tunnels, openedTunnels, subscribers.size(),
                everOpen, open,
                tally.sessionsLost, tally.setupTimes.count(), tally.setupsPerSecond(),
                LacReport.Durations.of(tally.setupTimes), tally.controlSent,
                tally.controlReceived, tally.framesSent, tally.framesReceived, tally.failures(), lines, List.of());
    }

    // ---- what arrives

    @Override
    public void onControl(InetSocketAddress to, InetSocketAddress peer, ByteBuf datagram, long nowNs) {
        tally.controlReceived++;
        LacTunnel tunnel = tunnelsById.get(tunnelId(datagram));
        if (tunnel == null) {
            tally.controlUnknown++;
        } else {
            tunnel.onControl(peer, datagram, nowNs);
            settle(nowNs);
        }
    }

    private static int tunnelId(ByteBuf datagram) {
        int offset = datagram.readerIndex() + TUNNEL_ID_OFFSET_WITHOUT_LENGTH;
        if (datagram.readableBytes() < 2 * Short.BYTES) {
            return 0;
        }
        boolean length = (datagram.getUnsignedShort(datagram.readerIndex()) & LENGTH_BIT) != 0;
        if (!length) {
            return datagram.getUnsignedShort(offset);
        }
        return datagram.readableBytes() < 3 * Short.BYTES ? 0 : datagram.getUnsignedShort(offset + Short.BYTES);
    }

    // ---- tunnels

    private void openNextTunnel(long nowNs) {
        if (nextTunnel >= plan.tunnels().tunnels) {
            enter(Phase.SESSIONS);
            subscribers.forEach(queue::add);
            nextTunnel = 0;
            runQueue(nowNs);
            return;
        }
        nextTunnel++;
        LacTunnel tunnel = new LacTunnel(this, freeTunnelId(), Objects.requireNonNull(local), plan.lns());
        tunnelsById.put(tunnel.localTunnelId(), tunnel);
        tunnels.add(tunnel);
        tunnel.open(nowNs);
    }

    private int freeTunnelId() {
        int id = 1 + random.nextInt(0xFFFF);
        while (tunnelsById.containsKey(id)) {
            id = 1 + random.nextInt(0xFFFF);
        }
        return id;
    }

    /** A tunnel is open, or closed for good. */
    void onTunnelSettled(LacTunnel tunnel, long nowNs) {
        String failure = tunnel.failure();
        if (failure != null && phase.compareTo(Phase.HANGING_UP) < 0) {
            tally.failed(failure);
        }
        listener.onTunnel(tunnel);
        if (phase == Phase.TUNNELS && tunnel == tunnels.getLast()) {
            loop.execute(() -> {
                if (phase == Phase.TUNNELS) {
                    openNextTunnel(loop.nowNs());
                    settle(loop.nowNs());
                }
            });
        }
    }

    void onTunnelReleased(LacTunnel tunnel) { tunnelsById.remove(tunnel.localTunnelId()); }

    private @Nullable LacTunnel tunnelFor(Subscriber subscriber) {
        int count = tunnels.size();
        for (int step = 0; step < count; step++) {
            LacTunnel tunnel = tunnels.get(Math.floorMod(subscriber.number() - plan.subscribers().first + step, count));
            if (tunnel.usable()) {
                return tunnel;
            }
        }
        return null;
    }

    // ---- subscribers

    private boolean call(Subscriber subscriber, long nowNs) {
        LacTunnel tunnel = tunnelFor(subscriber);
        if (tunnel == null) {
            subscriber.giveUp("no tunnel is open");
            return false;
        }
        subscriber.call(tunnel, nowNs);
        return true;
    }

    /** The only place that hears of a subscriber's change of state. */
    void onTransition(Subscriber subscriber, Subscriber.State former, Subscriber.State next) {
        boolean wasSettingUp = former == Subscriber.State.CALLING || former == Subscriber.State.NEGOTIATING;
        boolean isSettingUp = next == Subscriber.State.CALLING || next == Subscriber.State.NEGOTIATING;
        if (wasSettingUp && !isSettingUp) {
            queue.finished();
        }
        if (former == Subscriber.State.OPEN) {
            open--;
        }
        if (next == Subscriber.State.OPEN) {
            open++;
        }
        listener.onSubscriber(subscriber, next);
        if (next == Subscriber.State.CLOSED && phase == Phase.HOLDING) {
            queue.add(subscriber); // churn: it comes again
        }
        loop.execute(this::afterTransitions);
    }

    private void afterTransitions() { runQueue(loop.nowNs()); }

    private void runQueue(long nowNs) {
        if (phase == Phase.SESSIONS || phase == Phase.HOLDING) {
            queue.run(nowNs);
            deadlines.update(queue);
        }
        settle(nowNs);
    }

    /** The row's number may be given to another session from now on. */
    void onRowLeaves(int row) {
        listener.onRowLeaves(row);
    }

    // ---- phases

    private void settle(long nowNs) {
        if (phase == Phase.SESSIONS && queue.settled()) {
            enter(Phase.HOLDING);
            churn.start(nowNs);
            deadlines.update(churn);
            listener.onSettled();
        } else if (phase == Phase.HANGING_UP && subscribers.stream().noneMatch(Emulator::alive)) {
            closeTunnels(nowNs);
        }
        if (phase == Phase.CLOSING && tunnels.stream().allMatch(LacTunnel::quiet)) {
            finish();
        }
    }

    private static boolean alive(Subscriber subscriber) {
        return switch (subscriber.state()) {
            case CALLING, NEGOTIATING, OPEN, CLOSING -> true;
            case WAITING, CLOSED, FAILED -> false;
        };
    }

    private void closeTunnels(long nowNs) {
        enter(Phase.CLOSING);
        goodbye.arm(nowNs + GOODBYE_NS, deadlines);
        for (LacTunnel tunnel : tunnels) {
            if (!tunnel.closed()) {
                tunnel.close("the LAC is shutting down", nowNs);
            }
        }
    }

    private void onGoodbyeOver(long nowNs) {
        if (phase == Phase.HANGING_UP) {
            subscribers.forEach(subscriber -> subscriber.hangUp("the LAC is shutting down", nowNs));
            closeTunnels(nowNs);
            settle(nowNs);
        } else if (phase == Phase.CLOSING) {
            finish();
        }
    }

    private void finish() {
        enter(Phase.DONE);
        listener.onDone();
    }

    private void enter(Phase next) { phase = next; }

    // ---- what the parts share

    LacPlan plan() { return plan; }

    CallFactory calls() { return calls; }

    Tally tally() { return tally; }

    DeadlineTable deadlines() { return deadlines; }

    RandomGenerator random() { return random; }

    ByteBufAllocator allocator() { return allocator; }

    DeviceAddresses addresses() { return addresses; }

    Forwarding forwarding() { return Objects.requireNonNull(forwarding, "start comes first"); }

    long setupTimeoutNs() { return plan.load().timeoutSeconds * SECOND_NS; }

    List<Subscriber> subscribers() { return subscribers; }
}

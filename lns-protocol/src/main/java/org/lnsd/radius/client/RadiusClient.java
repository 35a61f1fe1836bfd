package org.lnsd.radius.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.lnsd.radius.RadiusCode;
import org.lnsd.radius.RadiusCrypto;
import org.lnsd.radius.RadiusDecoded;
import org.lnsd.radius.RadiusDecoder;
import org.lnsd.radius.RadiusPacket;
import org.lnsd.radius.client.ClientEvent.DropReason;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Asks a group of servers. One thread at a time. After each call the caller takes all of {@link #pollTransmit} and {@link #pollEvent}
 * and arms its timer for {@link #nextDeadlineNs}.
 *
 * <p>
 * A request goes to one server, is repeated there up to the configured attempts, and then goes to the next. A server that has been
 * silent since the request was sent is left sooner, as soon as another one lives; three such silences in a row make it dead, and all
 * that waits for it moves on at once. An answer from any server that was asked counts.
 *
 * @param <C> what the caller gives with a request and gets back with its outcome
 */
public final class RadiusClient<C> {
    private static final int SEEN_HELD_UP = 16;

    private final ClientSettings settings;
    private final List<Server<C>> servers = new ArrayList<>();
    private final ServerChooser<C> chooser;
    private final RequestWriter<C> writer;
    private final AnswerChecker<C> checker;
    /** For times only: need not be unpredictable, and is cheap. */
    private long jitterState;
    private final DeadlineHeap<C> deadlines = new DeadlineHeap<>();
    private final ArrayDeque<Exchange<C>> queue = new ArrayDeque<>();
    private final ArrayDeque<RadiusTransmit> transmits = new ArrayDeque<>();
    private final ArrayDeque<ClientEvent<C>> events = new ArrayDeque<>();

    /**
     * A client.
     *
     * @param settings of the group
     * @param servers the servers in order, at most 64
     * @param random for authenticators and jitter; must not be predictable
     * @param alloc for packets to be sent
     */
    public RadiusClient(ClientSettings settings, List<ServerSettings> servers, RandomGenerator random,
            ByteBufAllocator alloc) {
        if (servers.isEmpty() || servers.size() > Long.SIZE) {
            throw new IllegalArgumentException(servers.size() + " servers in a group, 1 to 64 expected");
        }
        this.settings = settings;
        for (ServerSettings server : servers) {
            this.servers.add(new Server<>(server, this.servers.size()));
        }
        this.jitterState = random.nextLong() | 1;
        RadiusCrypto crypto = new RadiusCrypto();
        this.chooser = new ServerChooser<>(this.servers, settings.policy());
        this.writer = new RequestWriter<>(crypto, random, alloc);
        this.checker = new AnswerChecker<>(crypto, settings.requireMessageAuthenticator());
    }

    /**
     * Asks. The outcome comes as an event: exactly one of Answered and Failed.
     *
     * @param context comes back with the outcome
     * @param request what to ask
     * @param eligibleServers which servers may be asked, a bit each
     */
    public void submit(C context, RadiusRequest request, long eligibleServers, long nowNs) {
        Exchange<C> exchange = new Exchange<>(context, request, eligibleServers, nowNs + settings.limitNs());
        if (!dispatch(exchange, nowNs)) {
            enqueue(exchange);
        }
    }

    /**
     * A packet came. Borrows. Never throws on any octets.
     *
     * @param server the server that its source address names
     * @param socket the source port of ours that it came to
     */
    public void onDatagram(int server, int socket, ByteBuf datagram, long nowNs) {
        Server<C> from = servers.get(server);
        switch (RadiusDecoder.decode(datagram)) {
            case RadiusDecoded.Malformed _ -> drop(from, DropReason.MALFORMED);
            case RadiusDecoded.Packet(RadiusPacket answer, int lengthBytes) -> {
                Slot<C> slot = from.slot(socket, answer.identifier());
                DropReason fault = checker.faultOf(answer, datagram, lengthBytes, slot);
                if (fault != null || slot == null) {
                    drop(from, fault == null ? DropReason.UNEXPECTED : fault);
                } else {
                    onAnswer(from, slot, answer, nowNs);
                }
            }
        }
    }

    /** A connection to a server that is reached over a stream is up. */
    public void onConnected(int server, long nowNs) {
        Server<C> connected = servers.get(server);
        connected.connected = true;
        revive(connected);
        drainQueue(nowNs);
    }

    /** The connection to a server is gone: what waits for it is asked elsewhere, or again when it is back. */
    public void onDisconnected(int server, long nowNs) {
        Server<C> lost = servers.get(server);
        if (lost.connected) {
            lost.connected = false;
            events.add(new ClientEvent.ServerDead<>(server));
            moveAllFrom(lost, nowNs);
        }
    }

    /** The network says that nobody listens there (ICMP port unreachable): believed only where another server lives. */
    public void onUnreachable(int server, long nowNs) {
        Server<C> silent = servers.get(server);
        if (silent.alive && chooser.anyUsable(~(1L << server))) {
            silent.counters.timeouts++;
            die(silent, nowNs);
        }
    }

    /** Time has passed. */
    public void onTimeout(long nowNs) {
        deadlines.expire(nowNs, exchange -> expire(exchange, nowNs));
        for (Server<C> server : servers) {
            if (server.reviveNs <= nowNs) {
                revive(server);
            }
            if (server.probeNs <= nowNs) {
                probe(server, nowNs);
            }
        }
        drainQueue(nowNs);
    }

    /** When {@link #onTimeout} is to be called; Long.MAX_VALUE: never. */
    public long nextDeadlineNs() {
        long next = deadlines.nextNs();
        Exchange<C> oldest = queue.peek();
        if (oldest != null) {
            next = Math.min(next, oldest.limitNs);
        }
        for (Server<C> server : servers) {
            next = Math.min(next, Math.min(server.reviveNs, server.probeNs));
        }
        return next;
    }

    /** The next packet to send, whose buffer is then the caller's. */
    public @Nullable RadiusTransmit pollTransmit() {
        return transmits.poll();
    }

    /** The next event. */
    public @Nullable ClientEvent<C> pollEvent() { return events.poll(); }

    /** Requests that wait for room in flight. */
    public int queued() { return queue.size(); }

    /** Requests that wait for an answer. */
    public int inFlight() {
        return servers.stream().mapToInt(Server::inFlight).sum();
    }

    /**
     * Goes on with the counters of a former client where a server has the same name. That client may be used on, by the same thread, and counts
     * on the same counters.
     */
    public void countOnFrom(RadiusClient<C> former) {
        for (Server<C> server : servers) {
            for (Server<C> known : former.servers) {
                if (known.settings.name().equals(server.settings.name())) {
                    server.counters = known.counters;
                }
            }
        }
    }

    /** The counters of all servers, in order. */
    public List<ServerStatistics> statistics() {
        return servers.stream().map(Server::statistics).toList();
    }

    /** Gives up all requests and returns what they were given with. */
    public List<C> abandonAll() {
        List<Exchange<C>> open = new ArrayList<>(queue);
        queue.clear();
        servers.forEach(server -> open.addAll(server.waiting()));
        open.forEach(this::finish);
        for (RadiusTransmit unsent = transmits.poll(); unsent != null; unsent = transmits.poll()) {
            unsent.packet().release();
        }
        return open.stream().map(exchange -> exchange.context).toList();
    }

    private void onAnswer(Server<C> from, Slot<C> slot, RadiusPacket answer, long nowNs) {
        from.lastAnswerNs = nowNs;
        from.timeoutsInRow = 0;
        from.counters.roundTripNs = nowNs - slot.sentNs;
        if (!from.alive) {
            revive(from);
        }
        Exchange<C> exchange = slot.exchange;
        if (exchange == null) {
            from.probe = null;
            from.free(slot);
        } else {
            countAnswer(from, answer.code());
            if (exchange.current == slot && exchange.attemptsHere == 1) {
                from.answeredInTime();
            }
            events.add(new ClientEvent.Answered<>(exchange.context, answer, from.number, slot.authenticator));
            finish(exchange);
        }
        drainQueue(nowNs);
    }

    private void countAnswer(Server<C> from, RadiusCode code) {
        if (code.equals(RadiusCode.ACCESS_REJECT)) {
            from.counters.rejects++;
        } else if (code.equals(RadiusCode.ACCESS_CHALLENGE)) {
            from.counters.challenges++;
        } else {
            from.counters.accepts++;
        }
    }

    private void drop(Server<C> from, DropReason reason) {
        switch (reason) {
            case MALFORMED -> from.counters.malformed++;
            case UNEXPECTED -> from.counters.packetsDropped++;
            case UNKNOWN_CODE -> from.counters.unknownTypes++;
            case MISSING_MESSAGE_AUTHENTICATOR -> from.counters.missingAuthenticators++;
            case BAD_AUTHENTICATOR, BAD_MESSAGE_AUTHENTICATOR -> from.counters.badAuthenticators++;
        }
        events.add(new ClientEvent.Dropped<>(from.number, reason));
    }

    /** Sends an exchange to a server that it has not been to. False: none has room now. */
    private boolean dispatch(Exchange<C> exchange, long nowNs) {
        long candidates = exchange.eligibleServers & ~exchange.visitedServers;
        Server<C> server = chooser.choose(candidates);
        if (server == null && !chooser.anyUsable(candidates)) {
            server = chooser.chooseDead(candidates);
        }
        if (server == null) {
            return false;
        }
        exchange.visitedServers |= 1L << server.number;
        exchange.attemptsHere = 0;
        exchange.firstSentHereNs = nowNs;
        exchange.retransmitNs = jittered(settings.timeoutNs());
        Slot<C> slot = server.take(exchange);
        exchange.slots.add(slot);
        exchange.current = slot;
        slot.authenticator = writer.newAuthenticator(exchange.request.code());
        server.counters.requests++;
        send(exchange, slot, nowNs);
        return true;
    }

    private void enqueue(Exchange<C> exchange) {
        exchange.current = null;
        if (queue.size() >= settings.queueLimit()) {
            fail(exchange, "the queue of " + settings.queueLimit() + " requests is full");
        } else {
            queue.add(exchange);
        }
    }

    /** In order; a few that have no server with room now do not hold up the others. */
    private void drainQueue(long nowNs) {
        Iterator<Exchange<C>> waiting = queue.iterator();
        int heldUp = 0;
        while (heldUp < SEEN_HELD_UP && waiting.hasNext()) {
            Exchange<C> exchange = waiting.next();
            if (exchange.limitNs <= nowNs) {
                waiting.remove();
                fail(exchange, "no server had room in time");
            } else if (dispatch(exchange, nowNs)) {
                waiting.remove();
            } else {
                heldUp++;
            }
        }
    }

    private void send(Exchange<C> exchange, Slot<C> slot, long nowNs) {
        exchange.attemptsHere++;
        exchange.lastSentNs = nowNs;
        slot.sentNs = nowNs;
        ByteBuf packet = writer.write(exchange.request, slot, nowNs);
        transmits.add(new RadiusTransmit(slot.server.number, slot.socket(), packet));
        long waitNs = exchange.retransmitNs;
        if (hasAlternative(exchange)) {
            waitNs = Math.min(waitNs, settings.silenceLimitNs());
        }
        deadlines.arm(exchange, Math.min(nowNs + waitNs, exchange.limitNs));
    }

    private boolean hasAlternative(Exchange<C> exchange) {
        return chooser.anyUsable(exchange.eligibleServers & ~exchange.visitedServers);
    }

    private void expire(Exchange<C> exchange, long nowNs) {
        Slot<C> slot = exchange.current;
        if (slot == null) {
            return;
        }
        Server<C> server = slot.server;
        boolean silent = server.lastAnswerNs < exchange.firstSentHereNs;
        boolean fullWait = nowNs - exchange.lastSentNs >= exchange.retransmitNs;
        if (nowNs >= exchange.limitNs) {
            timeout(server, silent, nowNs);
            fail(exchange, "no answer within " + settings.limitNs() / 1_000_000_000L + " s");
        } else if (silent && hasAlternative(exchange)) {
            timeout(server, true, nowNs);
            if (exchange.current == slot) {
                move(exchange, nowNs);
            }
        } else if (!fullWait) {
            deadlines.arm(exchange, Math.min(exchange.lastSentNs + exchange.retransmitNs, exchange.limitNs));
        } else {
            server.lost(nowNs, settings.timeoutNs());
            timeout(server, silent, nowNs);
            if (exchange.current == slot) {
                repeat(exchange, slot, nowNs);
            }
        }
    }

    private void repeat(Exchange<C> exchange, Slot<C> slot, long nowNs) {
        // RFC 5080 section 2.2.1: RT = 2 RTprev + RAND RTprev, not over MRT
        exchange.retransmitNs = jittered(Math.min(2 * exchange.retransmitNs, 2 * settings.timeoutNs()));
        if (exchange.attemptsHere >= settings.attempts()) {
            move(exchange, nowNs);
        } else if (slot.server.settings.stream()) {
            // RFC 6613 section 2.6.1: nothing is sent twice over one connection
            exchange.attemptsHere++;
            exchange.lastSentNs = nowNs;
            deadlines.arm(exchange, Math.min(nowNs + exchange.retransmitNs, exchange.limitNs));
        } else {
            slot.server.counters.retransmissions++;
            send(exchange, writer.isChangedByTime(exchange.request) ? anotherSlot(exchange, slot) : slot, nowNs);
        }
    }

    // RFC 2866 section 4.1: a request whose Acct-Delay-Time has changed is a new request with a new identifier.
    private Slot<C> anotherSlot(Exchange<C> exchange, Slot<C> slot) {
        Slot<C> fresh = slot.server.take(exchange);
        slot.server.free(slot);
        exchange.slots.remove(slot);
        exchange.slots.add(fresh);
        exchange.current = fresh;
        return fresh;
    }

    private void move(Exchange<C> exchange, long nowNs) {
        if ((exchange.eligibleServers & ~exchange.visitedServers & mask()) == 0) {
            fail(exchange, "no server has answered");
        } else if (!dispatch(exchange, nowNs)) {
            enqueue(exchange);
        }
    }

    private void timeout(Server<C> server, boolean silent, long nowNs) {
        server.counters.timeouts++;
        if (!silent) {
            server.timeoutsInRow = 0;
        } else if (++server.timeoutsInRow >= Server.DEADLY_TIMEOUTS && server.alive) {
            die(server, nowNs);
        }
    }

    private void die(Server<C> server, long nowNs) {
        server.alive = false;
        server.reviveNs = nowNs + settings.deadTimeNs();
        server.probeNs = server.settings.statusServer() ? nowNs : Long.MAX_VALUE;
        events.add(new ClientEvent.ServerDead<>(server.number));
        if (chooser.anyUsable(-1L)) {
            moveAllFrom(server, nowNs);
        }
    }

    private void moveAllFrom(Server<C> server, long nowNs) {
        for (Exchange<C> exchange : server.waiting()) {
            if (!server.connected) {
                // What went into a broken connection may be asked there again.
                exchange.visitedServers &= ~(1L << server.number);
                freeSlots(exchange);
                move(exchange, nowNs);
            } else if (hasAlternative(exchange)) {
                move(exchange, nowNs);
            }
        }
    }

    private void revive(Server<C> server) {
        boolean wasAlive = server.alive;
        server.alive = true;
        server.reviveNs = Long.MAX_VALUE;
        server.probeNs = Long.MAX_VALUE;
        // One more silence is enough when only the dead-time has passed.
        server.timeoutsInRow = Math.min(server.timeoutsInRow, Server.DEADLY_TIMEOUTS - 1);
        if (!wasAlive || server.settings.stream()) {
            events.add(new ClientEvent.ServerAlive<>(server.number));
        }
    }

    private void probe(Server<C> server, long nowNs) {
        if (server.probe != null) {
            server.free(server.probe);
        }
        Slot<C> slot = server.take(null);
        slot.authenticator = writer.newAuthenticator(RadiusCode.STATUS_SERVER);
        slot.sentNs = nowNs;
        server.probe = slot;
        server.counters.probes++;
        server.probeNs = nowNs + jittered(settings.probeIntervalNs());
        transmits.add(new RadiusTransmit(server.number, slot.socket(), writer.writeProbe(slot)));
    }

    private void fail(Exchange<C> exchange, String why) {
        events.add(new ClientEvent.Failed<>(exchange.context, why));
        finish(exchange);
    }

    private void finish(Exchange<C> exchange) {
        exchange.done = true;
        exchange.current = null;
        freeSlots(exchange);
    }

    private void freeSlots(Exchange<C> exchange) {
        exchange.slots.forEach(slot -> slot.server.free(slot));
        exchange.slots.clear();
    }

    // RFC 5080 section 2.2.1: RAND is between -0.1 and +0.1
    private long jittered(long durationNs) {
        jitterState ^= jitterState << 13;
        jitterState ^= jitterState >>> 7;
        jitterState ^= jitterState << 17;
        double unit = (jitterState >>> 11) * 0x1.0p-53;
        return (long) (durationNs * (0.9 + 0.2 * unit));
    }

    private long mask() { return -1L >>> (Long.SIZE - servers.size()); }
}

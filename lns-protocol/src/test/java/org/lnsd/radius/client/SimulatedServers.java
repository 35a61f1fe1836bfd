package org.lnsd.radius.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.random.RandomGenerator;

import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusCode;
import org.lnsd.radius.RadiusCrypto;
import org.lnsd.radius.RadiusDecoded;
import org.lnsd.radius.RadiusDecoder;
import org.lnsd.radius.RadiusEncoder;
import org.lnsd.radius.RadiusPacket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/** A client and its servers on one virtual clock, with latency and seeded loss. Only the client's own packets are under test. */
final class SimulatedServers {
    static final byte[] SECRET = "s3cret".getBytes(US_ASCII);

    final RadiusClient<Integer> client;
    final List<Integer> answered = new ArrayList<>();
    final Map<Integer, Long> answeredAtNs = new HashMap<>();
    final List<Integer> failed = new ArrayList<>();
    final List<RadiusPacket> accounting = new ArrayList<>();
    final List<Integer> askedServers = new ArrayList<>();
    final Set<Integer> silentServers = new HashSet<>();
    final List<ClientEvent<Integer>> events = new ArrayList<>();
    long latencyNs = 1_000_000;
    double loss;
    boolean signs = true;
    RadiusCode accessAnswer = RadiusCode.ACCESS_ACCEPT;
    int peakOutstanding;
    long nowNs = 1_000_000_000L;

    // Without the leak detector, which would slow 20,000 exchanges down; assertNothingLeaked() counts instead.
    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false, true);
    private final RandomGenerator random;
    private final PriorityQueue<Delivery> wire = new PriorityQueue<>((a, b) -> Long.compare(a.atNs, b.atNs));
    private final RadiusCrypto crypto = new RadiusCrypto();
    private final RadiusEncoder encoder = new RadiusEncoder(crypto);
    private final Set<Long> outstanding = new HashSet<>();

    private record Delivery(long atNs, boolean toServer, int server, int socket, ByteBuf packet) {}

    SimulatedServers(ClientSettings settings, List<ServerSettings> servers, RandomGenerator random) {
        this.random = random;
        this.client = new RadiusClient<>(settings, servers, random, alloc);
    }

    static ServerSettings server(String name, int maximumInFlight, boolean statusServer) {
        return new ServerSettings(name, SECRET, 1, maximumInFlight, false, statusServer, false);
    }

    void submit(int context, RadiusRequest request) {
        client.submit(context, request, -1L, nowNs);
        drain();
    }

    /** Runs until nothing is under way, or the time is over. */
    void run(long untilNs) {
        while (true) {
            long wireNs = wire.isEmpty() ? Long.MAX_VALUE : wire.element().atNs;
            long nextNs = Math.min(wireNs, client.nextDeadlineNs());
            if (nextNs > untilNs) {
                nowNs = untilNs;
                return;
            }
            nowNs = Math.max(nowNs, nextNs);
            if (wireNs <= nowNs) {
                deliver(wire.remove());
            } else {
                client.onTimeout(nowNs);
            }
            drain();
        }
    }

    void inject(int server, int socket, ByteBuf packet) {
        client.onDatagram(server, socket, packet, nowNs);
        packet.release();
        drain();
    }

    void drain() {
        for (RadiusTransmit transmit = client.pollTransmit(); transmit != null; transmit = client.pollTransmit()) {
            send(true, transmit.server(), transmit.socket(), transmit.packet());
        }
        for (ClientEvent<Integer> event = client.pollEvent(); event != null; event = client.pollEvent()) {
            events.add(event);
            switch (event) {
                case ClientEvent.Answered<Integer> it -> {
                    answered.add(it.context());
                    answeredAtNs.put(it.context(), nowNs);
                }
                case ClientEvent.Failed<Integer> it -> failed.add(it.context());
                default -> {
                    // Only recorded.
                }
            }
        }
    }

    private void send(boolean toServer, int server, int socket, ByteBuf packet) {
        if (random.nextDouble() >= loss) {
            wire.add(new Delivery(nowNs + latencyNs / 2, toServer, server, socket, packet));
        } else {
            packet.release();
        }
    }

    private void deliver(Delivery delivery) {
        try {
            handle(delivery);
        } finally {
            delivery.packet.release();
        }
    }

    /** Gives all up and counts the octets of buffers that nobody released. */
    long leakedBytes() {
        client.abandonAll();
        wire.forEach(delivery -> delivery.packet.release());
        wire.clear();
        return alloc.metric().usedHeapMemory();
    }

    private void handle(Delivery delivery) {
        long key = ((long) delivery.server << 32) | (delivery.socket << 8) | delivery.packet.getUnsignedByte(1);
        if (!delivery.toServer) {
            outstanding.remove(key);
            client.onDatagram(delivery.server, delivery.socket, delivery.packet, nowNs);
            return;
        }
        askedServers.add(delivery.server);
        if (silentServers.contains(delivery.server)) {
            return;
        }
        outstanding.add(key);
        peakOutstanding = Math.max(peakOutstanding, outstanding.size());
        RadiusPacket request = ((RadiusDecoded.Packet) RadiusDecoder.decode(delivery.packet)).packet();
        send(false, delivery.server, delivery.socket, answer(request));
    }

    ByteBuf answer(RadiusPacket request) {
        ByteBuf packet = alloc.heapBuffer();
        boolean isAccounting = request.code().equals(RadiusCode.ACCOUNTING_REQUEST);
        if (isAccounting) {
            accounting.add(request);
        }
        RadiusCode code = isAccounting ? RadiusCode.ACCOUNTING_RESPONSE : accessAnswer;
        encoder.begin(packet, code, request.identifier(), request.authenticator());
        if (signs && request.first(Attributes.MESSAGE_AUTHENTICATOR).isPresent()) {
            encoder.messageAuthenticator();
        }
        encoder.endAnswer(request.authenticator(), SECRET);
        return packet;
    }
}

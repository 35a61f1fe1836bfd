package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.lac.L2tp.*;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.lnsd.system.lac.Message;
import org.lnsd.system.lac.Packet;
import org.lnsd.system.lac.RawSocket;
import org.lnsd.system.lac.ScriptedLac;
import org.lnsd.system.lac.ScriptedPpp;

/** Data messages in every form, and what a bad control message does to the data of others: RFC 2661 sections 3.1, 4.1 and 5.4. */
@Tag("system")
@TestInstance(Lifecycle.PER_CLASS)
class L2tpDataTest {
    private static final byte[] INTERNET = {(byte) 198, 51, 100, 2};
    private static final int L = 0x4000;
    private static final int S = 0x0800;
    private static final int O = 0x0200;
    private static final int P = 0x0100;

    private final LacScene scene = new LacScene("l2tp-data", 400, """
            [[l2tp.peer]]
            name = "open"
            address = ["172.30.0.0/24"]
            [ppp]
            authentication = ["pap"]
            ipv6 = false
            address = "100.64.0.1"
            duplicate-logins = "allow"
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/18"]
            [[user]]
            name = "user@example.net"
            password = "wonderland"
            """);
    private final Lnsd lnsd = scene.lnsd();

    @AfterAll
    void stop() { scene.close(); }

    /** A tunnel with subscribers, and the loop that moves their frames. */
    private final class Lines implements AutoCloseable {
        private final ScriptedLac lac = scene.lac("open").open();
        private final Map<Integer, ScriptedPpp> subscribers = new HashMap<>();
        private final Map<Integer, Integer> peerSessions = new HashMap<>();
        private final List<Packet> seen = new ArrayList<>();

        ScriptedPpp dial(int localSessionId) {
            int peerSession = lac.call(localSessionId);
            return begin(localSessionId, peerSession);
        }

        ScriptedPpp begin(int localSessionId, int peerSession) {
            peerSessions.put(localSessionId, peerSession);
            ScriptedPpp ppp = new ScriptedPpp("user@example.net", "wonderland", frame -> lac.sendData(peerSession,
                    frame));
            subscribers.put(localSessionId, ppp);
            return ppp.start();
        }

        ScriptedPpp open(int localSessionId) {
            ScriptedPpp ppp = dial(localSessionId);
            pump(ScriptedLac.PATIENCE_MS, ppp::isOpen);
            assertThat(ppp.isOpen()).as("session " + localSessionId).isTrue();
            return ppp;
        }

        void pump(long timeoutMs, BooleanSupplier until) {
            long untilNs = System.nanoTime() + timeoutMs * 1_000_000;
            while (!until.getAsBoolean() && System.nanoTime() < untilNs) {
                Packet packet = lac.pollData(Math.max(1, (untilNs - System.nanoTime()) / 1_000_000));
                if (packet != null) {
                    assertThat(packet.tunnelId()).isEqualTo(lac.localTunnelId());
                    seen.add(packet);
                    ScriptedPpp ppp = subscribers.get(packet.sessionId());
                    if (ppp != null) {
                        ppp.onFrame(packet.payload());
                    }
                }
            }
        }

        int peerSession(int localSessionId) { return peerSessions.getOrDefault(localSessionId, 0); }

        void sendPing(int localSessionId, ScriptedPpp ppp) {
            lac.sendData(peerSession(localSessionId), framed(ppp.ping(INTERNET)));
        }

        boolean pings(int localSessionId, ScriptedPpp ppp) {
            int before = ppp.replies();
            for (int attempt = 0; attempt < 3 && ppp.replies() == before; attempt++) {
                sendPing(localSessionId, ppp);
                pump(1_500, () -> ppp.replies() > before);
            }
            return ppp.replies() > before;
        }

        @Override
        public void close() { lac.close(); }
    }

    private static byte[] framed(byte[] packet) {
        return ByteBuffer.allocate(4 + packet.length).putInt(0xff030021).put(packet).array();
    }

    /** A data message with the header fields that the flags name. */
    private static byte[] data(int flags, int tunnelId, int sessionId, int ns, int offset, byte[] frame) {
        ByteBuffer out = ByteBuffer.allocate(frame.length + 14 + offset);
        out.putShort((short) (flags | 2));
        int header = 6 + ((flags & L) != 0 ? 2 : 0) + ((flags & S) != 0 ? 4 : 0) + ((flags & O) != 0 ? 2 + offset : 0);
        if ((flags & L) != 0) {
            out.putShort((short) (header + frame.length));
        }
        out.putShort((short) tunnelId).putShort((short) sessionId);
        if ((flags & S) != 0) {
            out.putShort((short) ns).putShort((short) 0x5a5a); // Nr says nothing in data
        }
        if ((flags & O) != 0) {
            out.putShort((short) offset).position(out.position() + offset);
        }
        return java.util.Arrays.copyOf(out.put(frame).array(), header + frame.length);
    }

    // RFC 2661 section 3.1
    @Test
    void everyFormOfTheHeaderIsUnderstood() {
        try (Lines lines = new Lines()) {
            ScriptedPpp ppp = lines.open(1);
            int ns = 0;
            for (int flags = 0; flags < 16; flags++) {
                int bits = ((flags & 1) != 0 ? L : 0) | ((flags & 2) != 0 ? S : 0) | ((flags & 4) != 0 ? O : 0)
                        | ((flags & 8) != 0 ? P : 0);
                for (int offset : (bits & O) == 0 ? new int[]{0} : new int[]{0, 1, 7, 300}) {
                    int before = ppp.replies();
                    byte[] message = data(bits, lines.lac.peerTunnelId(), lines.peerSession(1), ns++, offset,
                            framed(ppp.ping(INTERNET)));
                    lines.lac.sendRaw(message);
                    lines.pump(4_000, () -> ppp.replies() > before);
                    assertThat(ppp.replies()).as("flags %04x offset %d", bits, offset).isEqualTo(before + 1);
                }
            }
            int before = ppp.replies();
            byte[] padded = data(L, lines.lac.peerTunnelId(), lines.peerSession(1), 0, 0, framed(ppp.ping(INTERNET)));
            lines.lac.sendRaw(java.util.Arrays.copyOf(padded, padded.length + 11));
            lines.lac.sendRaw(data(0x34f0, lines.lac.peerTunnelId(), lines.peerSession(1), 0, 0,
                    framed(ppp.ping(INTERNET))));
            lines.lac.sendData(lines.peerSession(1), ByteBuffer.allocate(54).putShort((short) 0x21).put(ppp.ping(
                    INTERNET)).array());
            lines.lac.sendData(lines.peerSession(1), ByteBuffer.allocate(53).put((byte) 0x21).put(ppp.ping(INTERNET))
                    .array());
            lines.lac.sendData(lines.peerSession(1), ByteBuffer.allocate(55).putShort((short) 0xff03).put((byte) 0x21)
                    .put(ppp.ping(INTERNET)).array());
            lines.pump(4_000, () -> ppp.replies() == before + 5);
            assertThat(ppp.replies()).isEqualTo(before + 5);
            assertThat(lines.seen).allMatch(packet -> (packet.flags() & S) == 0);
        }
    }

    @Test
    void dataThatIsNotForTheSessionIsDropped() {
        try (Lines lines = new Lines()) {
            ScriptedPpp ppp = lines.open(1);
            int tunnel = lines.lac.peerTunnelId();
            int session = lines.peerSession(1);
            byte[] frame = framed(ppp.ping(INTERNET));
            for (int version : new int[]{0, 1, 3, 15}) {
                byte[] message = data(0, tunnel, session, 0, 0, frame);
                message[1] = (byte) version;
                lines.lac.sendRaw(message);
            }
            byte[] longer = data(L, tunnel, session, 0, 0, frame);
            longer[3]++;
            lines.lac.sendRaw(longer);
            byte[] shorter = data(L, tunnel, session, 0, 0, frame);
            shorter[2] = 0;
            shorter[3] = 7;
            lines.lac.sendRaw(shorter);
            byte[] offset = data(O, tunnel, session, 0, 0, frame);
            offset[6] = (byte) 0xff;
            lines.lac.sendRaw(offset);
            lines.lac.sendRaw(data(0, tunnel, session ^ 1, 0, 0, frame));
            lines.lac.sendRaw(data(0, tunnel ^ 1, session, 0, 0, frame));
            lines.lac.sendRaw(data(0, 0, session, 0, 0, frame));
            lines.lac.sendRaw(data(0, tunnel, 0, 0, 0, frame));
            byte[] whole = data(L | S | O, tunnel, session, 0, 4, frame);
            for (int length = 0; length < 24; length++) {
                lines.lac.sendRaw(java.util.Arrays.copyOf(whole, length));
            }
            try (RawSocket thief = scene.socket()) {
                thief.send(data(0, tunnel, session, 0, 0, frame), new java.net.InetSocketAddress(Site.LNS, 1701));
                byte[] request = {(byte) 0xff, 3, (byte) 0xc0, 0x21, 5, 1, 0, 4};
                thief.send(data(0, tunnel, session, 0, 0, request), new java.net.InetSocketAddress(Site.LNS, 1701));
                assertThat(thief.receive(300)).isNull();
            }
            lines.pump(700, () -> ppp.replies() > 0);
            assertThat(ppp.replies()).isZero();
            assertThat(lines.pings(1, ppp)).isTrue();
        }
    }

    // RFC 2661 section 5.4
    @Test
    void sequencingIsDoneWhereTheLacRequiresIt() {
        try (Lines lines = new Lines()) {
            lines.lac.send(ScriptedLac.icrq(1));
            int session = lines.lac.expect(ICRP).avp(ASSIGNED_SESSION_ID).u16();
            lines.lac.send(ScriptedLac.iccn(session).bytes(SEQUENCING_REQUIRED));
            lines.lac.expectAcknowledged();
            AtomicInteger ns = new AtomicInteger();
            int tunnel = lines.lac.peerTunnelId();
            ScriptedPpp ppp = new ScriptedPpp("user@example.net", "wonderland",
                    frame -> lines.lac.sendRaw(data(S, tunnel,
                            session, ns.getAndIncrement(), 0, frame)))
                    .start();
            lines.subscribers.put(1, ppp);
            lines.pump(ScriptedLac.PATIENCE_MS, ppp::isOpen);
            assertThat(ppp.isOpen()).isTrue();
            for (int i = 0; i < 5; i++) {
                int before = ppp.replies();
                lines.lac.sendRaw(data(S, tunnel, session, ns.getAndIncrement(), 0, framed(ppp.ping(INTERNET))));
                lines.pump(4_000, () -> ppp.replies() > before);
                assertThat(ppp.replies()).isEqualTo(before + 1);
            }
            assertThat(lines.seen).allMatch(packet -> (packet.flags() & S) != 0);
            assertThat(lines.seen.stream().map(Packet::ns).toList()).isSorted().doesNotHaveDuplicates();
            assertThat(lines.seen.getFirst().ns()).isZero();
            int before = ppp.replies();
            lines.lac.sendRaw(data(S, tunnel, session, ns.get() - 3, 0, framed(ppp.ping(INTERNET))));
            lines.pump(600, () -> ppp.replies() > before);
            assertThat(ppp.replies()).as("a packet that comes again").isEqualTo(before);
            lines.lac.sendRaw(data(S, tunnel, session, ns.addAndGet(50), 0, framed(ppp.ping(INTERNET))));
            lines.pump(4_000, () -> ppp.replies() > before);
            assertThat(ppp.replies()).as("behind a gap").isEqualTo(before + 1);
            int first = ns.incrementAndGet();
            lines.lac.sendRaw(data(S, tunnel, session, first + 1, 0, framed(ppp.ping(INTERNET))));
            lines.lac.sendRaw(data(S, tunnel, session, first, 0, framed(ppp.ping(INTERNET))));
            lines.pump(4_000, () -> ppp.replies() > before + 2);
            assertThat(ppp.replies()).as("two that changed places").isEqualTo(before + 3);
            lines.lac.sendRaw(data(S, tunnel, session, first + 3, 0, framed(ppp.ping(INTERNET))));
            lines.pump(4_000, () -> ppp.replies() > before + 3);
            assertThat(ppp.replies()).as("behind one that is lost").isEqualTo(before + 4);
        }
    }

    @Test
    void dataThatOvertakesTheIccnIsNotLost() {
        try (Lines lines = new Lines()) {
            lines.lac.send(ScriptedLac.icrq(1));
            int session = lines.lac.expect(ICRP).avp(ASSIGNED_SESSION_ID).u16();
            ScriptedPpp ppp = lines.begin(1, session);
            lines.lac.send(ScriptedLac.iccn(session));
            lines.pump(ScriptedLac.PATIENCE_MS, ppp::isOpen);
            assertThat(ppp.isOpen()).isTrue();
        }
    }

    @Test
    void afterTheEndNothingFlows() {
        try (Lines lines = new Lines()) {
            ScriptedPpp ppp = lines.open(1);
            assertThat(lines.pings(1, ppp)).isTrue();
            lines.lac.send(ScriptedLac.cdn(lines.peerSession(1), 1));
            lines.lac.expectAcknowledged();
            int before = ppp.replies();
            for (int i = 0; i < 5; i++) {
                lines.sendPing(1, ppp);
            }
            lines.pump(700, () -> ppp.replies() > before);
            assertThat(ppp.replies()).isEqualTo(before);
        }
    }

    // RFC 2661 section 4.1: 200 lines of a tunnel do not notice what one of them is told
    @Test
    void oneBadMessageDoesNotDisturbTwoHundredOtherSessions() {
        try (Lines lines = new Lines()) {
            int count = 200;
            Map<Integer, ScriptedPpp> all = new HashMap<>();
            for (int id = 1; id <= count + 1; id++) {
                all.put(id, lines.open(id));
            }
            lines.lac.send(
                    Message.of(SLI).session(lines.peerSession(count + 1)).bytes(ACCM, new byte[10]).unknown(true));
            Packet cdn = lines.lac.expect(CDN);
            assertThat(cdn.sessionId()).isEqualTo(count + 1);
            assertThat(cdn.result()).isEqualTo("2/8");
            lines.lac.send(ScriptedLac.icrq(900).unknown(true));
            assertThat(lines.lac.expect(CDN).sessionId()).isEqualTo(900);
            for (int id = 1; id <= count; id++) {
                ScriptedPpp ppp = all.get(id);
                assertThat(ppp != null && lines.pings(id, ppp)).as("session " + id).isTrue();
            }
            assertThat(lnsd.sessions().stream().filter(s -> s.get("tunnel-id").equals((long) lines.lac.peerTunnelId())))
                    .hasSize(count).allMatch(s -> s.get("state").equals("open"));
            assertThat(lines.lac.socket().isClosed()).isFalse();
        }
    }
}

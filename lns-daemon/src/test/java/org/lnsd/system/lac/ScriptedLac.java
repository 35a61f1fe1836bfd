package org.lnsd.system.lac;

import static org.lnsd.system.lac.L2tp.*;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** One control connection of a LAC under a script: it acknowledges what it reads, unless told otherwise, and repeats nothing by itself. */
public final class ScriptedLac implements AutoCloseable {
    /** Generous, for a loaded machine; only what never comes takes so long. */
    public static final long PATIENCE_MS = 8_000;
    /** For which nothing may come when nothing is expected. */
    public static final long SILENCE_MS = 400;

    private final RawSocket socket;
    private final InetSocketAddress lns;
    private final Deque<Packet> data = new ArrayDeque<>();
    private final String hostName;
    private final int localTunnelId;
    private boolean acknowledging = true;
    private int peerTunnelId;
    private int ns;
    private int nr;

    public ScriptedLac(RawSocket socket, String lns, String hostName, int localTunnelId) {
        this.socket = socket;
        this.lns = new InetSocketAddress(lns, 1701);
        this.hostName = hostName;
        this.localTunnelId = localTunnelId;
    }

    public int peerTunnelId() { return peerTunnelId; }

    public int localTunnelId() { return localTunnelId; }

    public int ns() { return ns; }

    public int nr() { return nr; }

    public RawSocket socket() { return socket; }

    /** From now on nothing is acknowledged but by what is sent anyway. */
    public ScriptedLac mute() {
        acknowledging = false;
        return this;
    }

    public ScriptedLac unmute() {
        acknowledging = true;
        return this;
    }

    /** Takes the tunnel id of a SCCRP that was read by other means. */
    public void learn(Packet sccrp) {
        peerTunnelId = sccrp.avp(ASSIGNED_TUNNEL_ID).u16();
    }

    // What it sends

    /** A SCCRQ with what it must carry and a window of 16. */
    public Message sccrq() {
        return sccrqWithoutWindow().u16(RECEIVE_WINDOW_SIZE, 16);
    }

    public Message sccrqWithoutWindow() {
        return Message.of(SCCRQ).u16(PROTOCOL_VERSION, 0x0100).u32(FRAMING_CAPABILITIES, 3).text(HOST_NAME, hostName)
                .u16(ASSIGNED_TUNNEL_ID, localTunnelId);
    }

    public static Message icrq(int sessionId) {
        return Message.of(ICRQ).u16(ASSIGNED_SESSION_ID, sessionId).u32(CALL_SERIAL_NUMBER, 1000L + sessionId);
    }

    public static Message iccn(int peerSessionId) {
        return Message.of(ICCN).session(peerSessionId).u32(TX_CONNECT_SPEED, 10_000_000).u32(FRAMING_TYPE, 1);
    }

    public static Message cdn(int peerSessionId, int localSessionId) {
        return Message.of(CDN).session(peerSessionId).bytes(RESULT_CODE, (byte) 0, (byte) 3).u16(ASSIGNED_SESSION_ID,
                localSessionId);
    }

    public Message stopCcn() {
        return Message.of(STOPCCN).u16(ASSIGNED_TUNNEL_ID, localTunnelId).bytes(RESULT_CODE, (byte) 0, (byte) 1);
    }

    /** Sends the next message of the sequence; returns it for repetition. */
    public byte[] send(Message message) {
        byte[] octets = message.datagram(peerTunnelId, ns, nr);
        ns = (ns + 1) & 0xffff;
        return sendRaw(octets);
    }

    /** Sends a message out of the sequence. */
    public byte[] sendAt(Message message, int atNs, int atNr) {
        return sendRaw(message.datagram(peerTunnelId, atNs & 0xffff, atNr & 0xffff));
    }

    public byte[] sendRaw(byte[] octets) {
        socket.send(octets, lns);
        return octets;
    }

    public void acknowledge() { sendRaw(Message.bare().datagram(peerTunnelId, ns, nr)); }

    /** Counts messages that were sent with {@link #sendAt}. */
    public void skip(int messages) {
        ns = (ns + messages) & 0xffff;
    }

    /** Sends a data message with a plain header. */
    public void sendData(int peerSessionId, byte[] frame) {
        java.nio.ByteBuffer out = java.nio.ByteBuffer.allocate(6 + frame.length);
        out.putShort((short) 2).putShort((short) peerTunnelId).putShort((short) peerSessionId).put(frame);
        sendRaw(out.array());
    }

    // What it expects

    /** The next control message or acknowledgement, null when none comes in time; data is put aside. */
    public @Nullable Packet poll(long timeoutMs) {
        long untilNs = System.nanoTime() + timeoutMs * 1_000_000;
        for (long leftMs = timeoutMs; leftMs > 0; leftMs = (untilNs - System.nanoTime()) / 1_000_000) {
            byte[] octets = socket.receive(leftMs);
            Packet packet = octets == null ? null : Packet.read(octets);
            if (packet != null && packet.isControl()) {
                return account(packet);
            } else if (packet != null) {
                data.add(packet);
            }
        }
        return null;
    }

    private Packet account(Packet packet) {
        if (!lns.equals(socket.lastSender())) {
            throw new AssertionError("answer from " + socket.lastSender() + ", sent to " + lns);
        }
        if (packet.type() != ZLB) {
            if (packet.ns() == nr) {
                nr = (nr + 1) & 0xffff;
            }
            if (acknowledging && (peerTunnelId != 0 || packet.type() == STOPCCN)) {
                acknowledge();
            }
        }
        return packet;
    }

    /** The next message of the type; others and acknowledgements are passed over. */
    public Packet expect(int type) {
        List<Packet> passed = new ArrayList<>();
        long untilNs = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (System.nanoTime() < untilNs) {
            Packet packet = poll(Math.max(1, (untilNs - System.nanoTime()) / 1_000_000));
            if (packet != null && packet.type() == type) {
                return packet;
            } else if (packet != null) {
                passed.add(packet);
            }
        }
        throw new AssertionError("no message of type " + type + " came, but " + passed);
    }

    /** Waits until all that was sent is acknowledged. */
    public void expectAcknowledged() {
        Packet packet = poll(PATIENCE_MS);
        while (packet != null && packet.nr() != ns) {
            packet = poll(PATIENCE_MS);
        }
        if (packet == null) {
            throw new AssertionError("not acknowledged up to " + ns);
        }
    }

    /** Nothing but acknowledgements comes. */
    public void expectNoMessage() {
        for (Packet packet = poll(SILENCE_MS); packet != null; packet = poll(SILENCE_MS)) {
            if (packet.type() != ZLB) {
                throw new AssertionError("unexpected " + packet);
            }
        }
    }

    /** Nothing at all comes. */
    public void expectSilence() {
        Packet packet = poll(SILENCE_MS);
        if (packet != null) {
            throw new AssertionError("unexpected " + packet);
        }
    }

    /** The next data message, null when none comes in time; control messages are acknowledged on the way. */
    public @Nullable Packet pollData(long timeoutMs) {
        long untilNs = System.nanoTime() + timeoutMs * 1_000_000;
        while (data.isEmpty()) {
            long leftMs = (untilNs - System.nanoTime()) / 1_000_000;
            byte[] octets = leftMs <= 0 ? null : socket.receive(leftMs);
            if (octets == null) {
                return null;
            }
            Packet packet = Packet.read(octets);
            if (packet.isControl()) {
                account(packet);
            } else {
                return packet;
            }
        }
        return data.remove();
    }

    // Conversations

    /** Opens the tunnel without authentication. */
    public ScriptedLac open() {
        send(sccrq());
        learn(expect(SCCRP));
        send(Message.of(SCCCN));
        expectAcknowledged();
        return this;
    }

    /** Connects a call; returns the session id of the LNS. */
    public int call(int localSessionId) {
        send(icrq(localSessionId));
        Packet icrp = expect(ICRP);
        if (icrp.sessionId() != localSessionId) {
            throw new AssertionError("ICRP for session " + icrp.sessionId() + ", expected " + localSessionId);
        }
        int peerSessionId = icrp.avp(ASSIGNED_SESSION_ID).u16();
        send(iccn(peerSessionId));
        expectAcknowledged();
        return peerSessionId;
    }

    /** Says goodbye, so that the next test finds the LNS as it was. */
    @Override
    public void close() {
        if (peerTunnelId != 0 && !socket.isClosed()) {
            send(stopCcn());
        }
        socket.close();
    }
}

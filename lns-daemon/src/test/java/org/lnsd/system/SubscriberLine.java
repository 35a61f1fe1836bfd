package org.lnsd.system;

import static org.lnsd.system.lac.L2tp.*;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import org.lnsd.system.lac.Message;
import org.lnsd.system.lac.Packet;
import org.lnsd.system.lac.RawSocket;
import org.lnsd.system.lac.ScriptedLac;
import org.lnsd.system.lac.ScriptedPpp;

/** A subscriber with a tunnel of its own: dials by PAP, sends pings that can be counted to the octet, and ends in any way that a line can end. */
final class SubscriberLine implements AutoCloseable {
    /** Octets of a ping as IP, and of its reply. */
    static final int PING_OCTETS = 52;
    static final String CALLED_NUMBER = "0800123";
    static final int LOST_CARRIER = 1;
    static final int ADMINISTRATIVE = 3;
    private static final int LOCAL_SESSION = 1;
    private static final byte[] INTERNET = {(byte) 198, 51, 100, 2};

    private final ScriptedLac lac;
    private final ScriptedPpp ppp;
    private final int peerSession;

    private SubscriberLine(NetNamespace access, int localTunnelId, String user, String password,
            UnaryOperator<Message> icrq) {
        lac = new ScriptedLac(new RawSocket(access.name(), Site.LAC, 0), Site.LNS, "carrier", localTunnelId).open();
        lac.send(icrq.apply(ScriptedLac.icrq(LOCAL_SESSION).text(CALLED_NUMBER_AVP, CALLED_NUMBER).text(CALLING_NUMBER,
                callingNumber(localTunnelId))));
        peerSession = lac.expect(ICRP).avp(ASSIGNED_SESSION_ID).u16();
        lac.send(Message.of(ICCN).session(peerSession).u32(TX_CONNECT_SPEED, 80_000_000).u32(FRAMING_TYPE, 1)
                .optional(RX_CONNECT_SPEED, ByteBuffer.allocate(4).putInt(20_000_000).array()));
        lac.expectAcknowledged();
        ppp = new ScriptedPpp(user, password, frame -> lac.sendData(peerSession, frame)).start();
    }

    private static final int CALLED_NUMBER_AVP = org.lnsd.system.lac.L2tp.CALLED_NUMBER;

    /** Dials, and waits until IPv4 is up. */
    static SubscriberLine open(NetNamespace access, int localTunnelId, String user) {
        return open(access, localTunnelId, user, UnaryOperator.identity());
    }

    /** Dials with more in the ICRQ, and waits until IPv4 is up. */
    static SubscriberLine open(NetNamespace access, int localTunnelId, String user, UnaryOperator<Message> icrq) {
        return new SubscriberLine(access, localTunnelId, user, "wonderland", icrq).awaitOpen(user);
    }

    static SubscriberLine open(NetNamespace access, int localTunnelId, String user, String password) {
        return dial(access, localTunnelId, user, password).awaitOpen(user);
    }

    private SubscriberLine awaitOpen(String user) {
        pump(2 * ScriptedLac.PATIENCE_MS, ppp::isOpen);
        if (!ppp.isOpen()) {
            throw new AssertionError("the line of " + user + " did not come up");
        }
        return this;
    }

    /** Dials, and waits for nothing. */
    static SubscriberLine dial(NetNamespace access, int localTunnelId, String user, String password) {
        return new SubscriberLine(access, localTunnelId, user, password, UnaryOperator.identity());
    }

    static String callingNumber(int localTunnelId) { return "0301" + localTunnelId; }

    int peerSession() { return peerSession; }

    ScriptedPpp ppp() { return ppp; }

    int peerTunnelId() { return lac.peerTunnelId(); }

    /** Answers what comes. */
    void pump(long timeoutMs, BooleanSupplier until) {
        long untilNs = System.nanoTime() + timeoutMs * 1_000_000;
        while (!until.getAsBoolean() && System.nanoTime() < untilNs) {
            Packet packet = lac.pollData(Math.min(200, Math.max(1, (untilNs - System.nanoTime()) / 1_000_000)));
            if (packet != null) {
                ppp.onFrame(packet.payload());
            }
        }
    }

    /** Sends one ping and waits a moment for an answer. */
    boolean isPingAnswered() {
        int wanted = ppp.replies() + 1;
        byte[] packet = ppp.ping(INTERNET);
        lac.sendData(peerSession, ByteBuffer.allocate(4 + packet.length).putInt(0xff030021).put(packet).array());
        pump(ScriptedLac.SILENCE_MS, () -> ppp.replies() >= wanted);
        return ppp.replies() >= wanted;
    }

    /** Sends pings one after another until so many were answered; each is sent once. */
    void ping(int count) {
        for (int sent = 1; sent <= count; sent++) {
            int wanted = ppp.replies() + 1;
            byte[] packet = ppp.ping(INTERNET);
            lac.sendData(peerSession, ByteBuffer.allocate(4 + packet.length).putInt(0xff030021).put(packet).array());
            pump(ScriptedLac.PATIENCE_MS, () -> ppp.replies() >= wanted);
            if (ppp.replies() != wanted) {
                throw new AssertionError("ping " + sent + " was not answered");
            }
        }
    }

    /** The subscriber hangs up: LCP Terminate-Request. */
    void terminate() {
        lac.sendData(peerSession, HexFormat.of().parseHex("ff03c02105070004"));
    }

    /** The LAC ends the call with this result. */
    void disconnect(int resultCode) {
        lac.send(Message.of(CDN).session(peerSession).bytes(RESULT_CODE, (byte) 0, (byte) resultCode)
                .u16(ASSIGNED_SESSION_ID, LOCAL_SESSION));
        lac.expectAcknowledged();
    }

    /** Says goodbye with the whole tunnel. */
    @Override
    public void close() { lac.close(); }
}

package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.auth.ChapMd5;
import org.lnsd.ppp.auth.ChapPacket;
import org.lnsd.ppp.auth.MsChapV2;
import org.lnsd.ppp.auth.PapPacket;

/**
 * The end that proves itself. A request or response is repeated until it is answered; a challenge is answered whenever it
 * comes.
 */
final class ClientAuthentication extends Authentication {
    private AuthenticationProtocol protocol = AuthenticationProtocol.PAP;
    private boolean active;
    private boolean settled;
    private int id;
    private byte @Nullable [] sent;
    private byte[] answered = {};
    private String expectedProof = "";

    ClientAuthentication(LinkContext link) {
        super(link);
        id = link.random().nextInt(256);
    }

    /** LCP opened and the peer wants proof. */
    void begin(AuthenticationProtocol demanded, long nowNs) {
        reset();
        active = true;
        protocol = demanded;
        if (demanded == AuthenticationProtocol.PAP) {
            String name = link.settings().ourName();
            String password = link.settings().password();
            sent = concatenated(counted(utf8(name)), counted(utf8(password)));
            startSending(nowNs);
        }
    }

    private void startSending(long nowNs) {
        attemptsLeft = link.settings().maxConfigure();
        sendAgain(nowNs);
    }

    private void sendAgain(long nowNs) {
        byte[] body = sent;
        if (body != null) {
            attemptsLeft--;
            boolean pap = protocol == AuthenticationProtocol.PAP;
            id = pap ? id + 1 & 0xff : id; // RFC 1334 section 2.2.1: changed with each request
            send(protocol.protocol(), pap ? PapPacket.REQUEST : ChapPacket.RESPONSE, id, body);
            startTimer(nowNs);
        }
    }

    @Override
    boolean isOutstanding(int asked) { return active && !settled && asked == protocol.protocol(); }

    @Override
    void reset() {
        active = false;
        settled = false;
        sent = null;
        stopTimer();
    }

    @Override
    void onTimeout(long nowNs) {
        if (nowNs < deadlineNs) {
            return;
        }
        stopTimer();
        if (attemptsLeft > 0) {
            sendAgain(nowNs);
        } else {
            link.fail(DownCause.Reason.AUTHENTICATION_TIMEOUT, "no answer to our credentials", protocol.protocol(),
                    nowNs);
        }
    }

    @Override
    void onPacket(int packetProtocol, int code, int packetId, ByteBuf body, long nowNs) {
        if (!active || packetProtocol != protocol.protocol()) {
            return;
        }
        if (protocol == AuthenticationProtocol.PAP) {
            onPap(code, packetId, body, nowNs);
        } else if (code == ChapPacket.CHALLENGE) {
            ChapPacket.decode(body).ifPresent(challenge -> respond(packetId, challenge.value(), nowNs));
        } else if (packetId == id && sent != null) {
            onChapVerdict(code, body, nowNs);
        }
    }

    private void onPap(int code, int packetId, ByteBuf body, long nowNs) {
        int requests = link.settings().maxConfigure() - attemptsLeft;
        if (sent == null || (id - packetId & 0xff) >= requests) {
            return;
        }
        if (code == PapPacket.ACK) {
            taken(nowNs);
        } else if (code == PapPacket.NAK) {
            refused(PapPacket.decodeMessage(body), nowNs);
        }
    }

    /** The same challenge again is answered as before: another response would spoil the one on its way. */
    private void respond(int challengeId, byte[] challenge, long nowNs) {
        if (sent != null && challengeId == id && Arrays.equals(challenge, answered)) {
            startSending(nowNs);
            return;
        }
        answered = challenge;
        byte[] value = protocol == AuthenticationProtocol.CHAP_MD5
                ? ChapMd5.response(challengeId, link.settings().password(), challenge)
                : msChapV2(challenge);
        if (value.length == 0) {
            return;
        }
        id = challengeId;
        sent = concatenated(counted(value), utf8(link.settings().ourName()));
        startSending(nowNs);
    }

    private byte[] msChapV2(byte[] challenge) {
        if (challenge.length != MsChapV2.CHALLENGE_BYTES) {
            return new byte[0];
        }
        String user = link.settings().ourName();
        String password = link.settings().password();
        byte[] peerChallenge = new byte[MsChapV2.CHALLENGE_BYTES];
        link.random().nextBytes(peerChallenge);
        byte[] ntResponse = MsChapV2.ntResponse(challenge, peerChallenge, user, password);
        expectedProof = MsChapV2.authenticatorResponse(password, ntResponse, peerChallenge, challenge, user);
        byte[] value = new byte[MsChapV2.RESPONSE_BYTES];
        System.arraycopy(peerChallenge, 0, value, 0, peerChallenge.length);
        System.arraycopy(ntResponse, 0, value, 24, ntResponse.length);
        return value;
    }

    private void onChapVerdict(int code, ByteBuf body, long nowNs) {
        String message = body.toString(StandardCharsets.UTF_8);
        if (code == ChapPacket.FAILURE) {
            refused(message, nowNs);
        } else if (code == ChapPacket.SUCCESS) {
            if (protocol == AuthenticationProtocol.MSCHAPV2 && !message.startsWith(expectedProof)) {
                refused("the server does not know the password", nowNs);
            } else {
                taken(nowNs);
            }
        }
    }

    private void taken(long nowNs) {
        stopTimer();
        if (!settled) {
            settled = true;
            link.authenticated(nowNs);
        }
    }

    private void refused(String message, long nowNs) {
        stopTimer();
        link.fail(DownCause.Reason.AUTHENTICATION_FAILED, message, protocol.protocol(), nowNs);
    }
}

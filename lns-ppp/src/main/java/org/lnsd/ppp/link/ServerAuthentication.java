package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.auth.AuthenticationResult;
import org.lnsd.ppp.auth.ChapMd5;
import org.lnsd.ppp.auth.ChapPacket;
import org.lnsd.ppp.auth.Credentials;
import org.lnsd.ppp.auth.MsChapV2;
import org.lnsd.ppp.auth.MsChapV2Failure;
import org.lnsd.ppp.auth.PapPacket;
import org.lnsd.ppp.frame.PppProtocol;
import org.lnsd.ppp.fsm.Code;

/**
 * The end that demands proof: PAP (RFC 1334 section 2), CHAP (RFC 1994 section 4), MS-CHAPv2 (RFC 2759). After success or
 * failure a repeated request is answered again as before, because our answer may have been lost.
 */
final class ServerAuthentication extends Authentication {
    private static final int MAXIMUM_MESSAGE_BYTES = 120;
    private static final String MESSAGE = " M=";
    /** Challenges of one round that may still be answered: a slow peer answers one when the next is on its way already. */
    private static final int OUTSTANDING = 4;
    private static final byte[] NO_CHALLENGE = {};

    private Phase phase = Phase.IDLE;
    private AuthenticationProtocol protocol = AuthenticationProtocol.PAP;
    private int id;
    private byte[] challenge = NO_CHALLENGE;
    private List<Challenge> outstanding = List.of();
    /** How many challenges this round has had; their identifiers go up to the latest without a gap. */
    private int challenges;
    private int latestId;
    /** The answer that is repeated: code and body; null before the first answer. */
    private byte @Nullable [] answerBody;
    private int answerCode;
    private boolean settled;

    ServerAuthentication(LinkContext link) {
        super(link);
        latestId = link.random().nextInt(256);
        id = latestId;
    }

    private record Challenge(int id, byte[] value) {}

    private enum Phase {
        IDLE, WAIT_PEER, VERIFYING, DONE
    }

    /** LCP opened and the peer is to prove itself. */
    void begin(AuthenticationProtocol demanded, long nowNs) {
        reset();
        protocol = demanded;
        phase = Phase.WAIT_PEER;
        attemptsLeft = link.settings().maxConfigure();
        if (demanded != AuthenticationProtocol.PAP) {
            challenge(nowNs);
        }
    }

    /** The LAC already holds the peer's answer: nothing is asked of the peer, and our verdict carries the id it used. */
    void beginWith(AuthenticationProtocol agreed, Credentials credentials) {
        reset();
        protocol = agreed;
        requestVerdict(credentials);
    }

    /** The LAC challenged the peer with this identifier: ours go on from it. */
    void continueFrom(int proxiedId) {
        latestId = proxiedId & 0xff;
        id = latestId;
    }

    /** Challenges a peer that has already proved itself (RFC 1994 section 2). */
    void challengeAgain(long nowNs) {
        if (phase == Phase.DONE && settled && protocol != AuthenticationProtocol.PAP) {
            phase = Phase.WAIT_PEER;
            attemptsLeft = link.settings().maxConfigure();
            challenges = 0;
            challenge(nowNs);
        }
    }

    /** Returns whether the shell owes us an answer. */
    boolean isVerifying() { return phase == Phase.VERIFYING; }

    @Override
    boolean isOutstanding(int asked) {
        return (phase == Phase.WAIT_PEER || phase == Phase.VERIFYING) && asked == protocol.protocol();
    }

    @Override
    void reset() {
        phase = Phase.IDLE;
        settled = false;
        answerBody = null;
        forgetChallenges();
        challenges = 0;
        stopTimer();
    }

    private void forgetChallenges() {
        challenge = NO_CHALLENGE;
        outstanding = List.of();
    }

    @Override
    void onTimeout(long nowNs) {
        if (nowNs < deadlineNs) {
            return;
        }
        stopTimer();
        if (phase == Phase.WAIT_PEER && attemptsLeft > 0) {
            challenge(nowNs);
        } else if (phase == Phase.WAIT_PEER) {
            link.fail(DownCause.Reason.AUTHENTICATION_TIMEOUT, "no answer to the challenge", protocol.protocol(),
                    nowNs);
        }
    }

    /** Identifier and value change with every Challenge (RFC 1994 section 4.1). */
    private void challenge(long nowNs) {
        attemptsLeft--;
        challenges++;
        latestId = latestId + 1 & 0xff;
        id = latestId;
        challenge = new byte[MsChapV2.CHALLENGE_BYTES];
        link.random().nextBytes(challenge);
        outstanding = Stream.concat(Stream.of(new Challenge(id, challenge)), outstanding.stream()).limit(OUTSTANDING)
                .toList();
        byte[] body = concatenated(counted(challenge), utf8(link.settings().ourName()));
        send(PppProtocol.CHAP, ChapPacket.CHALLENGE, id, body);
        startTimer(nowNs);
    }

    @Override
    void onPacket(int packetProtocol, int code, int packetId, ByteBuf body, long nowNs) {
        if (phase == Phase.IDLE || packetProtocol != protocol.protocol()) {
            return;
        }
        if (protocol == AuthenticationProtocol.PAP && code == PapPacket.REQUEST) {
            onPapRequest(packetId, body);
        } else if (protocol != AuthenticationProtocol.PAP && code == ChapPacket.RESPONSE
                && (packetId == id || answers(packetId) || comesLate(packetId))) {
            onChapResponse(packetId, body, nowNs);
        }
    }

    /**
     * Returns whether an earlier challenge of this round is answered, which is then the one that counts. Not with MS-CHAPv2: there the peer
     * expects the proof for its latest response, which the latest challenge will get.
     */
    private boolean answers(int responseId) {
        boolean any = phase == Phase.WAIT_PEER && protocol == AuthenticationProtocol.CHAP_MD5;
        for (Challenge earlier : outstanding) {
            if (any && earlier.id() == responseId) {
                id = responseId;
                challenge = earlier.value();
                return true;
            }
        }
        return false;
    }

    /**
     * Returns whether another challenge of the round is answered when the verdict is known already: the peer has lost sight of the one that
     * counted, and waits for a verdict with the identifier of its latest response.
     */
    private boolean comesLate(int responseId) {
        return phase == Phase.DONE && protocol == AuthenticationProtocol.CHAP_MD5
                && (latestId - responseId & 0xff) < challenges;
    }

    private void onPapRequest(int packetId, ByteBuf body) {
        Optional<Credentials.Pap> credentials = PapPacket.decodeRequest(body);
        if (credentials.isEmpty()) {
            return;
        }
        id = packetId;
        switch (phase) {
            case WAIT_PEER -> requestVerdict(credentials.get());
            case DONE -> repeatAnswer();
            case IDLE, VERIFYING -> {}
        }
    }

    private void onChapResponse(int packetId, ByteBuf body, long nowNs) {
        Optional<ChapPacket> response = ChapPacket.decode(body);
        if (response.isEmpty()) {
            return;
        }
        switch (phase) {
            case WAIT_PEER -> verify(response.get(), nowNs);
            case DONE -> {
                id = packetId;
                repeatAnswer();
            }
            case IDLE, VERIFYING -> {}
        }
    }

    private void verify(ChapPacket response, long nowNs) {
        byte[] value = response.value();
        boolean microsoft = protocol == AuthenticationProtocol.MSCHAPV2;
        if (value.length != (microsoft ? MsChapV2.RESPONSE_BYTES : ChapMd5.RESPONSE_BYTES)) {
            phase = Phase.VERIFYING;
            failed("malformed response", nowNs);
            return;
        }
        requestVerdict(microsoft
                ? msChapV2(response.name(), id, challenge, value)
                : new Credentials.Chap(response.name(), id, challenge, value));
    }

    /** Takes a response value of 49 octets apart (RFC 2759 section 4). */
    static Credentials.MsChapV2 msChapV2(String user, int id, byte[] challenge, byte[] value) {
        byte[] peerChallenge = Arrays.copyOf(value, MsChapV2.CHALLENGE_BYTES);
        byte[] ntResponse = Arrays.copyOfRange(value, 24, 24 + MsChapV2.NT_RESPONSE_BYTES);
        return new Credentials.MsChapV2(user, id, challenge, peerChallenge, ntResponse, value[48] & 0xff);
    }

    private void requestVerdict(Credentials credentials) {
        phase = Phase.VERIFYING;
        stopTimer();
        link.emit(new LinkEvent.AuthenticationRequested(credentials));
    }

    /** A PAP message is cut to what fits the smallest MRU that is taken, so that its count stays true. */
    private static byte[] cut(String message) {
        byte[] octets = utf8(message);
        return octets.length <= MAXIMUM_MESSAGE_BYTES ? octets : Arrays.copyOf(octets, MAXIMUM_MESSAGE_BYTES);
    }

    private void repeatAnswer() {
        byte[] body = answerBody;
        if (body != null) {
            int fits = Math.min(body.length, link.peerMru() - Code.HEADER_BYTES);
            send(protocol.protocol(), answerCode, id, fits == body.length ? body : Arrays.copyOf(body, fits));
        }
    }

    /** The shell says yes. */
    void succeeded(AuthenticationResult.Success success, long nowNs) {
        if (phase != Phase.VERIFYING) {
            return;
        }
        phase = Phase.DONE;
        forgetChallenges();
        answerCode = protocol == AuthenticationProtocol.PAP ? PapPacket.ACK : ChapPacket.SUCCESS;
        answerBody = switch (protocol) {
            case PAP -> counted(cut(success.message()));
            case CHAP_MD5 -> cut(success.message());
            case MSCHAPV2 -> utf8(microsoftSuccess(success));
        };
        repeatAnswer();
        if (!settled) {
            settled = true;
            link.authenticated(nowNs);
        }
    }

    /** The proof, and words for the user (RFC 2759 section 5); a server may have given both at once. */
    private static String microsoftSuccess(AuthenticationResult.Success success) {
        String proof = success.authenticatorResponse().orElse("");
        String words = success.message().isEmpty() ? "welcome" : success.message();
        return proof.contains(MESSAGE) ? proof : proof + MESSAGE + words;
    }

    /** The shell says no: the peer is told, then the link ends. */
    void failed(String message, long nowNs) {
        if (phase != Phase.VERIFYING) {
            return;
        }
        phase = Phase.DONE;
        answerCode = protocol == AuthenticationProtocol.PAP ? PapPacket.NAK : ChapPacket.FAILURE;
        String reason = message;
        switch (protocol) {
            case PAP -> answerBody = counted(cut(message));
            case CHAP_MD5 -> answerBody = cut(message);
            case MSCHAPV2 -> {
                MsChapV2Failure failure = MsChapV2Failure.of(message);
                answerBody = utf8(failure.text(unusedChallenge()));
                reason = failure.message();
            }
        }
        repeatAnswer();
        link.fail(DownCause.Reason.AUTHENTICATION_FAILED, reason, protocol.protocol(), nowNs);
    }

    /** The Failure needs one although no retry is allowed. */
    private byte[] unusedChallenge() {
        byte[] unused = new byte[MsChapV2.CHALLENGE_BYTES];
        link.random().nextBytes(unused);
        return unused;
    }
}

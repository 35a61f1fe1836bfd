package org.lnsd.l2tp.message;

import static org.lnsd.l2tp.avp.AvpType.*;

import java.util.List;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.avp.AvpHiding;
import org.lnsd.l2tp.avp.AvpType;
import org.lnsd.l2tp.avp.AvpWriter;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.avp.VendorAvp;
import org.lnsd.l2tp.header.ControlHeader;

/** From a control message to its octets, the header with Ns and Nr of 0 included (RFC 2661 sections 3.1 and 6). */
public final class MessageEncoder {
    private static final int RANDOM_VECTOR_BYTES = 16;

    private final @Nullable AvpHiding hiding;
    private final RandomGenerator random;

    /**
     * An encoder without state of its own.
     *
     * @param hiding hides what may be hidden, null: nothing is
     * @param random for Random Vectors
     */
    public MessageEncoder(@Nullable AvpHiding hiding, RandomGenerator random) {
        this.hiding = hiding;
        this.random = random;
    }

    /** An encoder that hides nothing. */
    public static MessageEncoder plain() {
        return new MessageEncoder(null, () -> 0L);
    }

    /** The whole message for a peer's tunnel and session; the caller fills in Ns and Nr. */
    public byte[] encode(ControlMessage message, int peerTunnelId, int peerSessionId) {
        AvpWriter out = new AvpWriter();
        out.raw16(ControlHeader.CONTROL_FLAGS);
        out.raw16(0);
        out.raw16(peerTunnelId);
        out.raw16(peerSessionId);
        out.raw16(0);
        out.raw16(0);
        out.writeMessageType(message.type().number(), message.type().mandatory());
        // A peer whose secret differs must still be able to read why we stop.
        if (hiding != null && hasSecrets(message)) {
            byte[] vector = new byte[RANDOM_VECTOR_BYTES];
            random.nextBytes(vector);
            out.startHiding(hiding, vector);
        }
        writeBody(out, message);
        out.patch16(ControlHeader.LENGTH_OFFSET, out.length());
        return out.toByteArray();
    }

    private static boolean hasSecrets(ControlMessage message) {
        return !(message instanceof Hello) && !(message instanceof StopCcn);
    }

    private static void writeBody(AvpWriter out, ControlMessage message) {
        switch (message) {
            case Sccrq sccrq -> writeSccrq(out, sccrq);
            case Sccrp sccrp -> writeSccrp(out, sccrp);
            case Scccn scccn -> scccn.challengeResponse()
                    .ifPresent(response -> out.writeOctets(CHALLENGE_RESPONSE, response));
            case StopCcn stop -> {
                out.write16(ASSIGNED_TUNNEL_ID, stop.assignedTunnelId());
                writeResult(out, stop.resultCode(), stop.errorCode(), stop.message());
            }
            case Hello _ -> {}
            case Ocrq ocrq -> writeOutgoing(out, ocrq.call());
            case Ocrp ocrp -> {
                out.write16(ASSIGNED_SESSION_ID, ocrp.assignedSessionId());
                ocrp.physicalChannelId().ifPresent(id -> out.write32(PHYSICAL_CHANNEL_ID, id));
            }
            case Occn occn -> writeParameters(out, occn.parameters());
            case Icrq icrq -> writeIncoming(out, icrq.call());
            case Icrp icrp -> out.write16(ASSIGNED_SESSION_ID, icrp.assignedSessionId());
            case Iccn iccn -> writeParameters(out, iccn.parameters());
            case Cdn cdn -> writeCdn(out, cdn);
            case Wen wen -> writeWanErrors(out, wen.counts());
            case Sli sli -> writeLinkInfo(out, sli.info());
            case Csun csun -> writeSpeeds(out, csun.speeds());
            case Csurq csurq -> writeSpeeds(out, csurq.sessions());
        }
    }

    private static void writeSccrq(AvpWriter out, Sccrq sccrq) {
        writePeerInfo(out, sccrq.sender(), sccrq.assignedTunnelId());
        sccrq.challenge().ifPresent(challenge -> out.writeOctets(CHALLENGE, challenge));
        sccrq.tieBreaker().ifPresent(value -> out.writeOctets(TIE_BREAKER, value));
    }

    private static void writeSccrp(AvpWriter out, Sccrp sccrp) {
        writePeerInfo(out, sccrp.sender(), sccrp.assignedTunnelId());
        sccrp.challenge().ifPresent(challenge -> out.writeOctets(CHALLENGE, challenge));
        sccrp.challengeResponse().ifPresent(response -> out.writeOctets(CHALLENGE_RESPONSE, response));
    }

    private static void writePeerInfo(AvpWriter out, PeerInfo info, int assignedTunnelId) {
        out.write16(PROTOCOL_VERSION, info.protocolVersion());
        out.writeText(HOST_NAME, info.hostName());
        out.write32(FRAMING_CAPABILITIES, info.framingCapabilities());
        out.write16(ASSIGNED_TUNNEL_ID, assignedTunnelId);
        info.bearerCapabilities().ifPresent(bits -> out.write32(BEARER_CAPABILITIES, bits));
        out.write16(RECEIVE_WINDOW_SIZE, info.receiveWindow());
        info.firmwareRevision().ifPresent(revision -> out.write16(FIRMWARE_REVISION, revision));
        info.vendorName().ifPresent(name -> out.writeText(VENDOR_NAME, name));
        writeVendorAvps(out, info.vendorAvps(), true);
    }

    private static void writeIncoming(AvpWriter out, IncomingCall call) {
        out.write16(ASSIGNED_SESSION_ID, call.peerSessionId());
        out.write32(CALL_SERIAL_NUMBER, call.callSerialNumber());
        if (call.bearerType().isPresent()) {
            out.write32(BEARER_TYPE, call.bearerType().getAsInt());
        }
        writeText(out, CALLED_NUMBER, call.calledNumber().orElse(""));
        writeText(out, CALLING_NUMBER, call.callingNumber().orElse(""));
        writeText(out, SUB_ADDRESS, call.subAddress().orElse(""));
        if (call.physicalChannelId().isPresent()) {
            out.write32(PHYSICAL_CHANNEL_ID, call.physicalChannelId().getAsLong());
        }
        if (call.speedUpdates()) {
            out.writeBytes(CONNECT_SPEED_UPDATE_ENABLE, new byte[0]);
        }
        AccessLineCodec.write(out, call.accessLine());
        writeVendorAvps(out, call.vendorAvps(), call.accessLine().isEmpty());
    }

    private static void writeText(AvpWriter out, AvpType type, String text) {
        if (!text.isEmpty()) {
            out.writeText(type, text);
        }
    }

    private static void writeOutgoing(AvpWriter out, OutgoingCall call) {
        out.write16(ASSIGNED_SESSION_ID, call.peerSessionId());
        out.write32(CALL_SERIAL_NUMBER, call.callSerialNumber());
        out.write32(MINIMUM_BPS, call.minimumBps());
        out.write32(MAXIMUM_BPS, call.maximumBps());
        out.write32(BEARER_TYPE, call.bearerType());
        out.write32(FRAMING_TYPE, call.framingType());
        out.writeText(CALLED_NUMBER, call.calledNumber());
        call.subAddress().ifPresent(address -> out.writeText(SUB_ADDRESS, address));
        writeVendorAvps(out, call.vendorAvps(), true);
    }

    private static void writeParameters(AvpWriter out, CallParameters call) {
        CallParametersCodec.write(out, call);
        AccessLineCodec.write(out, call.accessLine());
        writeVendorAvps(out, call.vendorAvps(), call.accessLine().isEmpty());
    }

    /** A call that was received carries its access line twice, as a record and raw: it is written once. */
    private static void writeVendorAvps(AvpWriter out, List<VendorAvp> avps, boolean withAccessLine) {
        for (VendorAvp avp : avps) {
            if (withAccessLine || avp.vendorId() != VendorAvp.DSL_FORUM) {
                out.writeVendor(avp);
            }
        }
    }

    private static void writeCdn(AvpWriter out, Cdn cdn) {
        CallDisconnect cause = cdn.cause();
        writeResult(out, cause.resultCode(), cause.errorCode(), cause.message());
        out.write16(ASSIGNED_SESSION_ID, cdn.assignedSessionId());
        cause.q931Cause().ifPresent(q931 -> out.writeBytes(Q931_CAUSE_CODE,
                ResultBytes.of(q931.advisory(), q931.code(), 2, q931.message(), 1)));
        cause.pppCause().ifPresent(ppp -> out.writeBytes(PPP_DISCONNECT_CAUSE, ResultBytes.of(ppp.message(),
                ((long) ppp.code() << 16) | (ppp.protocol() & 0xffff), 4, ppp.direction(), 1)));
    }

    private static void writeResult(AvpWriter out, ResultCode result, ErrorCode error, String message) {
        if (error.value() == 0 && message.isEmpty()) {
            out.write16(RESULT_CODE, result.value());
        } else {
            out.writeBytes(RESULT_CODE, ResultBytes.of(message, result.value(), 2, error.value(), 2));
        }
    }

    private static void writeWanErrors(AvpWriter out, WanErrorCounts counts) {
        byte[] value = new byte[26];
        put32(value, 2, counts.crcErrors());
        put32(value, 6, counts.framingErrors());
        put32(value, 10, counts.hardwareOverruns());
        put32(value, 14, counts.bufferOverruns());
        put32(value, 18, counts.timeoutErrors());
        put32(value, 22, counts.alignmentErrors());
        out.writeBytes(CALL_ERRORS, value);
    }

    private static void writeLinkInfo(AvpWriter out, LinkInfo info) {
        byte[] accm = new byte[10];
        put32(accm, 2, info.sendAccm());
        put32(accm, 6, info.receiveAccm());
        out.writeBytes(ACCM, accm);
        info.lnsLastSent().ifPresent(options -> out.writeOctets(LNS_LAST_SENT_LCP_CONFREQ, options));
        info.lnsLastReceived().ifPresent(options -> out.writeOctets(LNS_LAST_RECEIVED_LCP_CONFREQ, options));
    }

    private static void writeSpeeds(AvpWriter out, List<ConnectSpeed> speeds) {
        for (ConnectSpeed speed : speeds) {
            byte[] value = new byte[12];
            value[2] = (byte) (speed.remoteSessionId() >> 8);
            value[3] = (byte) speed.remoteSessionId();
            put32(value, 4, ConnectSpeed.told(speed.txConnectSpeedBps()));
            put32(value, 8, ConnectSpeed.told(speed.rxConnectSpeedBps()));
            out.writeOctets(CONNECT_SPEED_UPDATE, Octets.of(value));
        }
    }

    private static void put32(byte[] into, int index, long number) {
        for (int octet = 0; octet < 4; octet++) {
            into[index + octet] = (byte) (number >> (8 * (3 - octet)));
        }
    }
}

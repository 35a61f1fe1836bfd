package org.lnsd.radius.client;

import java.util.List;
import java.util.random.RandomGenerator;

import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;
import org.lnsd.radius.RadiusCode;
import org.lnsd.radius.RadiusCrypto;
import org.lnsd.radius.RadiusEncoder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Turns requests into packets for one server. */
final class RequestWriter<C> {
    private static final int USUAL_BYTES = 512;

    private final RadiusCrypto crypto;
    private final RadiusEncoder encoder;
    private final RandomGenerator random;
    private final ByteBufAllocator alloc;

    RequestWriter(RadiusCrypto crypto, RandomGenerator random, ByteBufAllocator alloc) {
        this.crypto = crypto;
        this.encoder = new RadiusEncoder(crypto);
        this.random = random;
        this.alloc = alloc;
    }

    /** Unpredictable octets, or zeros where the authenticator will be a digest (RFC 2865 section 3, RFC 2866 section 3). */
    byte[] newAuthenticator(RadiusCode code) {
        byte[] authenticator = new byte[16];
        if (!code.equals(RadiusCode.ACCOUNTING_REQUEST)) {
            random.nextBytes(authenticator);
        }
        return authenticator;
    }

    /** Whether a later transmission differs, because it tells a longer delay. */
    boolean isChangedByTime(RadiusRequest request) {
        return request.code().equals(RadiusCode.ACCOUNTING_REQUEST);
    }

    /** The packet; returns owned. The authenticator of an accounting request is noted in the slot. */
    ByteBuf write(RadiusRequest request, Slot<C> slot, long nowNs) {
        byte[] secret = slot.server.settings.secret();
        ByteBuf packet = alloc.buffer(USUAL_BYTES);
        if (isChangedByTime(request)) {
            encoder.begin(packet, request.code(), slot.identifier(), RadiusCrypto.zeroAuthenticator());
            encoder.attributes(attributesFor(slot.server.settings, request));
            long delaySeconds = Math.clamp((nowNs - request.eventNs()) / 1_000_000_000L, 0, 0xFFFF_FFFFL);
            encoder.attribute(RadiusAttribute.integer(Attributes.ACCT_DELAY_TIME, delaySeconds));
            encoder.endDigested(secret);
            slot.authenticator = new byte[16];
            packet.getBytes(4, slot.authenticator);
            return packet;
        }
        encoder.begin(packet, request.code(), slot.identifier(), slot.authenticator);
        encoder.messageAuthenticator();
        request.password().ifPresent(password -> encoder.attribute(RadiusAttribute.of(Attributes.USER_PASSWORD,
                crypto.hidePassword(password, slot.authenticator, secret))));
        encoder.attributes(attributesFor(slot.server.settings, request));
        encoder.end(secret);
        return packet;
    }

    private static List<RadiusAttribute> attributesFor(ServerSettings server, RadiusRequest request) {
        return server.stripRealm()
                ? request.attributes().stream().map(RequestWriter::withoutRealm).toList()
                : request.attributes();
    }

    private static RadiusAttribute withoutRealm(RadiusAttribute attribute) {
        if (!attribute.type().equals(Attributes.USER_NAME)) {
            return attribute;
        }
        String user = attribute.asText();
        int at = user.lastIndexOf('@');
        return at > 0 ? RadiusAttribute.text(Attributes.USER_NAME, user.substring(0, at)) : attribute;
    }

    /** A Status-Server (RFC 5997 section 2); returns owned. */
    ByteBuf writeProbe(Slot<C> slot) {
        ByteBuf packet = alloc.buffer(64);
        encoder.begin(packet, RadiusCode.STATUS_SERVER, slot.identifier(), slot.authenticator);
        encoder.messageAuthenticator();
        encoder.end(slot.server.settings.secret());
        return packet;
    }
}

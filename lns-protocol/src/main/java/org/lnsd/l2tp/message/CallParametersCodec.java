package org.lnsd.l2tp.message;

import static org.lnsd.l2tp.avp.AvpType.*;

import java.util.Optional;
import java.util.OptionalLong;

import org.lnsd.l2tp.avp.AvpTable;
import org.lnsd.l2tp.avp.AvpType;
import org.lnsd.l2tp.avp.AvpWriter;
import org.lnsd.l2tp.avp.Octets;

/** The AVPs of ICCN and OCCN (RFC 2661 section 4.4.5). */
final class CallParametersCodec {
    private static final int MAXIMUM_SPEED_DIGITS = 12;

    private CallParametersCodec() {}

    static CallParameters read(AvpTable avps) {
        return new CallParameters((int) avps.get32(FRAMING_TYPE, 0), speed(avps, TX_CONNECT_SPEED),
                avps.has(RX_CONNECT_SPEED) && isSpeed(avps, RX_CONNECT_SPEED)
                        ? OptionalLong.of(speed(avps, RX_CONNECT_SPEED))
                        : OptionalLong.empty(),
                avps.has(SEQUENCING_REQUIRED), avps.optionalText(PRIVATE_GROUP_ID),
                proxyLcp(avps), proxyAuthentication(avps), avps.optionalOctets(LCP_WANT_OPTIONS),
                avps.optionalOctets(LCP_ALLOW_OPTIONS), avps.has(CONNECT_SPEED_UPDATE_ENABLE),
                AccessLineCodec.read(avps.vendorAvps()), avps.vendorAvps());
    }

    /** Whether a connect speed is absent, 4 octets, or the decimal text that some old LACs write. */
    static boolean isSpeed(AvpTable avps, AvpType type) {
        return !avps.has(type) || avps.length(type) == 4 || avps.length(type) <= MAXIMUM_SPEED_DIGITS
                && avps.text(type, 0).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static long speed(AvpTable avps, AvpType type) {
        return avps.length(type) == 4 ? avps.get32(type, 0) : Long.parseLong(avps.text(type, 0));
    }

    private static ProxyLcp proxyLcp(AvpTable avps) {
        if (!avps.has(INITIAL_RECEIVED_LCP_CONFREQ) && !avps.has(LAST_SENT_LCP_CONFREQ)
                && !avps.has(LAST_RECEIVED_LCP_CONFREQ)) {
            return ProxyLcp.NONE;
        }
        return new ProxyLcp(avps.optionalOctets(INITIAL_RECEIVED_LCP_CONFREQ),
                avps.optionalOctets(LAST_SENT_LCP_CONFREQ), avps.optionalOctets(LAST_RECEIVED_LCP_CONFREQ));
    }

    private static Optional<ProxyAuthentication> proxyAuthentication(AvpTable avps) {
        if (!avps.has(PROXY_AUTHEN_TYPE)) {
            return Optional.empty();
        }
        // The first octet of Proxy Authen ID is reserved.
        return Optional.of(new ProxyAuthentication(avps.get16(PROXY_AUTHEN_TYPE), avps.text(PROXY_AUTHEN_NAME, 0),
                avps.octets(PROXY_AUTHEN_CHALLENGE), avps.get16(PROXY_AUTHEN_ID) & 0xff,
                avps.octets(PROXY_AUTHEN_RESPONSE)));
    }

    static void write(AvpWriter out, CallParameters call) {
        out.write32(TX_CONNECT_SPEED, ConnectSpeed.told(call.txConnectSpeedBps()));
        out.write32(FRAMING_TYPE, call.framingType());
        if (call.rxConnectSpeedBps().isPresent()) {
            out.write32(RX_CONNECT_SPEED, ConnectSpeed.told(call.rxConnectSpeedBps().getAsLong()));
        }
        if (call.sequencingRequired()) {
            out.writeFlag(SEQUENCING_REQUIRED);
        }
        writeOptional(out, INITIAL_RECEIVED_LCP_CONFREQ, call.proxyLcp().initialReceived());
        writeOptional(out, LAST_SENT_LCP_CONFREQ, call.proxyLcp().lastSent());
        writeOptional(out, LAST_RECEIVED_LCP_CONFREQ, call.proxyLcp().lastReceived());
        if (call.proxyAuthentication().isPresent()) {
            writeProxy(out, call.proxyAuthentication().get());
        }
        if (call.privateGroupId().isPresent()) {
            out.writeText(PRIVATE_GROUP_ID, call.privateGroupId().get());
        }
        writeOptional(out, LCP_WANT_OPTIONS, call.lcpWantOptions());
        writeOptional(out, LCP_ALLOW_OPTIONS, call.lcpAllowOptions());
        if (call.speedUpdates()) {
            out.writeBytes(CONNECT_SPEED_UPDATE_ENABLE, new byte[0]);
        }
    }

    private static void writeProxy(AvpWriter out, ProxyAuthentication proxy) {
        out.write16(PROXY_AUTHEN_TYPE, proxy.type());
        if (proxy.type() != ProxyAuthentication.NO_AUTHENTICATION) {
            out.writeText(PROXY_AUTHEN_NAME, proxy.name());
            if (!proxy.challenge().isEmpty()) {
                out.writeOctets(PROXY_AUTHEN_CHALLENGE, proxy.challenge());
            }
            out.write16(PROXY_AUTHEN_ID, proxy.identifier());
            out.writeOctets(PROXY_AUTHEN_RESPONSE, proxy.response());
        }
    }

    private static void writeOptional(AvpWriter out, AvpType type, Optional<Octets> value) {
        if (value.isPresent()) {
            out.writeOctets(type, value.get());
        }
    }
}

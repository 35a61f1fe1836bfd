package org.lnsd.daemon.session;

import java.util.HashMap;
import java.util.Map;
import org.lnsd.daemon.aaa.AccessLine;
import org.lnsd.daemon.aaa.SessionIdentity;
import org.lnsd.daemon.aaa.SubscriberCredentials;
import org.lnsd.daemon.aaa.TunnelIdentity;
import org.lnsd.daemon.forwarding.TunnelPath;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.table.SharedValues;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.message.ProxyAuthentication;
import org.lnsd.l2tp.message.ProxyLcp;
import org.lnsd.ppp.auth.Credentials;
import org.lnsd.ppp.link.ProxyNegotiation;
import org.jspecify.annotations.Nullable;

/** Translates between the words of L2TP, PPP and authentication, which do not know each other. */
final class SessionIdentities {

    private SessionIdentities() {}

    /** Returns who a session is to a RADIUS server. */
    static SessionIdentity identity(Session session, CallParameters parameters) {
        SharedValues shared = session.services().table().shared();
        SessionRecord record = session.record();
        CallControl control = session.control();
        TunnelPath path = control.path();
        TunnelIdentity tunnel = shared.same(new TunnelIdentity(IpAddresses.format(path.peer().getAddress()),
                IpAddresses.format(path.local().getAddress()), control.peerHostName(),
                session.settings().configuration().node().name(),
                control.peer().name()));
        int nasPort = path.localTunnelId() << SessionIdentity.SESSION_ID_BITS | record.localSessionId();
        return new SessionIdentity(record.id(), "", nasPort, shared.same(record.calledNumber()), record.callingNumber(),
                record.callSerialNumber(), parameters.txConnectSpeedBps(),
                parameters.rxConnectSpeedBps().orElse(parameters.txConnectSpeedBps()), tunnel,
                accessLine(record.call(), parameters));
    }

    /** Returns the credentials in the words of authentication. */
    static SubscriberCredentials credentials(Credentials credentials) {
        return switch (credentials) {
            case Credentials.Pap pap -> new SubscriberCredentials.Pap(pap.user(), pap.password());
            case Credentials.Chap chap ->
                new SubscriberCredentials.Chap(chap.user(), chap.id(), chap.challenge(), chap.response());
            case Credentials.MsChapV2 v2 -> new SubscriberCredentials.MsChapV2(v2.user(), v2.id(),
                    v2.authenticatorChallenge(), v2.peerChallenge(), v2.ntResponse(), v2.flags());
        };
    }

    /** Returns the name of the protocol that the credentials belong to. */
    static String protocol(Credentials credentials) {
        return switch (credentials) {
            case Credentials.Pap _ -> "pap";
            case Credentials.Chap _ -> "chap";
            case Credentials.MsChapV2 _ -> "mschapv2";
        };
    }

    /** Returns what the LAC has negotiated for us, or null when it told nothing (RFC 2661 section 4.4.5). */
    static @Nullable ProxyNegotiation proxy(CallParameters parameters) {
        ProxyLcp lcp = parameters.proxyLcp();
        ProxyAuthentication authentication = parameters.proxyAuthentication().orElse(null);
        if (lcp.equals(ProxyLcp.NONE) && authentication == null) {
            return null;
        }
        byte @Nullable [] first = lcp.initialReceived().map(Octets::toByteArray).orElse(null);
        byte @Nullable [] sent = lcp.lastSent().map(Octets::toByteArray).orElse(null);
        byte @Nullable [] received = lcp.lastReceived().map(Octets::toByteArray).orElse(null);
        if (authentication == null) {
            return new ProxyNegotiation(first, sent, received, 0, null, null, -1, null);
        }
        return new ProxyNegotiation(first, sent, received, authentication.type(),
                authentication.name().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                authentication.challenge().toByteArray(), authentication.identifier(),
                authentication.response().toByteArray());
    }

    private static AccessLine accessLine(@Nullable IncomingCall call, CallParameters parameters) {
        org.lnsd.l2tp.message.AccessLine line = parameters.accessLine().isEmpty() && call != null
                ? call.accessLine()
                : parameters.accessLine();
        if (line.isEmpty()) {
            return AccessLine.NONE;
        }
        Map<Integer, Long> values = new HashMap<>();
        line.values().forEach((attribute, value) -> values.put(attribute.attributeType(), value));
        return new AccessLine(line.agentCircuitId(), line.agentRemoteId(), values,
                line.encapsulation().map(Octets::toByteArray), line.iwfSession());
    }
}

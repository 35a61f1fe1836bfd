package org.lnsd.daemon.aaa.radius;

import java.util.List;

import org.lnsd.daemon.aaa.AccessLine;
import org.lnsd.daemon.aaa.SessionIdentity;
import org.lnsd.daemon.aaa.TunnelIdentity;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.radius.AttributeType;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;

/** The attributes that describe a session, the same in Access- and Accounting-Requests. */
final class SessionAttributes {
    private static final int NAS_PORT_TYPE_VIRTUAL = 5;
    private static final int SERVICE_TYPE_FRAMED = 2;
    private static final int FRAMED_PROTOCOL_PPP = 1;
    private static final int TUNNEL_TYPE_L2TP = 3;
    private static final int MEDIUM_IPV4 = 1;
    private static final int MEDIUM_IPV6 = 2;
    /** RFC 4679 has 32 bits for rates that RFC 5515 tells with 64. */
    private static final long MAXIMUM_VALUE = 0xFFFF_FFFFL;

    private SessionAttributes() {}

    static void addTo(List<RadiusAttribute> attributes, SessionIdentity session) {
        attributes.add(RadiusAttribute.text(Attributes.ACCT_SESSION_ID, session.acctSessionId()));
        attributes.add(RadiusAttribute.integer(Attributes.NAS_PORT, session.nasPort()));
        attributes.add(RadiusAttribute.integer(Attributes.NAS_PORT_TYPE, NAS_PORT_TYPE_VIRTUAL));
        attributes.add(RadiusAttribute.integer(Attributes.SERVICE_TYPE, SERVICE_TYPE_FRAMED));
        attributes.add(RadiusAttribute.integer(Attributes.FRAMED_PROTOCOL, FRAMED_PROTOCOL_PPP));
        addText(attributes, Attributes.NAS_PORT_ID, session.nasPortId());
        addText(attributes, Attributes.CALLED_STATION_ID, session.calledNumber());
        addText(attributes, Attributes.CALLING_STATION_ID, session.callingNumber());
        addText(attributes, Attributes.ACCT_MULTI_SESSION_ID, session.multiSessionId());
        addText(attributes, Attributes.CONNECT_INFO, connectInfo(session));
        addTunnel(attributes, session.tunnel(), session.callSerialNumber());
        addLine(attributes, session.accessLine());
    }

    // RFC 2869 section 5.11: the speed, with both when they differ, transmit first.
    private static String connectInfo(SessionIdentity session) {
        if (session.transmitBps() <= 0) {
            return "";
        }
        boolean differ = session.receiveBps() > 0 && session.receiveBps() != session.transmitBps();
        return differ ? session.transmitBps() + "/" + session.receiveBps() : Long.toString(session.transmitBps());
    }

    // RFC 2868 section 3 and RFC 2867 section 4
    private static void addTunnel(List<RadiusAttribute> attributes, TunnelIdentity tunnel, long callSerialNumber) {
        if (tunnel.equals(TunnelIdentity.NONE)) {
            return;
        }
        int medium = tunnel.serverEndpoint().indexOf(':') >= 0 ? MEDIUM_IPV6 : MEDIUM_IPV4;
        attributes.add(RadiusAttribute.taggedInteger(Attributes.TUNNEL_TYPE, 0, TUNNEL_TYPE_L2TP));
        attributes.add(RadiusAttribute.taggedInteger(Attributes.TUNNEL_MEDIUM_TYPE, 0, medium));
        addTagged(attributes, Attributes.TUNNEL_CLIENT_ENDPOINT, tunnel.clientEndpoint());
        addTagged(attributes, Attributes.TUNNEL_SERVER_ENDPOINT, tunnel.serverEndpoint());
        addTagged(attributes, Attributes.TUNNEL_CLIENT_AUTH_ID, tunnel.clientAuthId());
        addTagged(attributes, Attributes.TUNNEL_SERVER_AUTH_ID, tunnel.serverAuthId());
        addTagged(attributes, Attributes.TUNNEL_ASSIGNMENT_ID, tunnel.assignmentId());
        addText(attributes, Attributes.ACCT_TUNNEL_CONNECTION, Long.toString(callSerialNumber));
    }

    // RFC 4679 section 3
    private static void addLine(List<RadiusAttribute> attributes, AccessLine line) {
        line.circuitId().ifPresent(id -> addOctets(attributes, Attributes.AGENT_CIRCUIT_ID, id));
        line.remoteId().ifPresent(id -> addOctets(attributes, Attributes.AGENT_REMOTE_ID, id));
        line.values().entrySet().stream().sorted(java.util.Map.Entry.comparingByKey())
                .forEach(value -> attributes.add(RadiusAttribute.integer(
                        new AttributeType(Attributes.VENDOR_ADSL_FORUM, value.getKey()),
                        Math.min(value.getValue(), MAXIMUM_VALUE))));
        line.encapsulation()
                .ifPresent(octets -> attributes.add(RadiusAttribute.of(Attributes.ACCESS_LOOP_ENCAPSULATION, octets)));
        if (line.interWorked()) {
            attributes.add(RadiusAttribute.of(Attributes.IWF_SESSION, new byte[0]));
        }
    }

    private static void addText(List<RadiusAttribute> attributes, AttributeType type, String value) {
        if (!value.isEmpty()) {
            attributes.add(RadiusAttribute.text(type, value));
        }
    }

    private static void addOctets(List<RadiusAttribute> attributes, AttributeType type, Octets value) {
        if (!value.isEmpty()) {
            attributes.add(RadiusAttribute.octets(type, value.toByteArray()));
        }
    }

    private static void addTagged(List<RadiusAttribute> attributes, AttributeType type, String value) {
        if (!value.isEmpty()) {
            attributes.add(RadiusAttribute.taggedText(type, 0, value));
        }
    }
}

package org.lnsd.daemon.aaa.radius;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.lnsd.daemon.aaa.AccessLine;
import org.lnsd.daemon.aaa.SessionIdentity;
import org.lnsd.daemon.aaa.TunnelIdentity;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.radius.AttributeType;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;

class SessionAttributesTest {
    private static List<RadiusAttribute> of(AccessLine line, TunnelIdentity tunnel) {
        List<RadiusAttribute> attributes = new ArrayList<>();
        SessionAttributes.addTo(attributes,
                new SessionIdentity("S1", "", 65_538, "", "", 7, 80_000_000, 80_000_000, tunnel, line));
        return attributes;
    }

    @Test
    void theSpeedsAreThoseOfNow() { // RFC 2869 section 5.11, RFC 5515 section 4.1
        SessionIdentity session = new SessionIdentity("S1", "", 65_538, "", "", 7, 80_000_000, 80_000_000,
                TunnelIdentity.NONE, AccessLine.NONE);
        List<RadiusAttribute> attributes = new ArrayList<>();
        SessionAttributes.addTo(attributes, session);
        SessionAttributes.addTo(attributes, session.atSpeeds(40_000_000, 10_000_000));
        assertThat(attributes).contains(RadiusAttribute.text(Attributes.CONNECT_INFO, "80000000"),
                RadiusAttribute.text(Attributes.CONNECT_INFO, "40000000/10000000"));
    }

    @Test
    void anInterworkedLineIsToldByAnEmptyAttribute() { // RFC 4679 section 3.3
        AccessLine line = new AccessLine(Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), true);
        assertThat(of(line, TunnelIdentity.NONE)).filteredOn(a -> a.type().equals(Attributes.IWF_SESSION))
                .singleElement().satisfies(attribute -> assertThat(attribute.value()).isEmpty());
    }

    @Test
    void whatADslamWritesNeedNotBeText() { // RFC 4679 sections 3.3.1 and 3.3.2
        Octets circuit = Octets.of(HexFormat.of().parseHex("000400ff0a646530"));
        Octets remote = Octets.of(new byte[300]);
        AccessLine line = new AccessLine(Optional.of(circuit), Optional.of(remote), Map.of(), Optional.empty(), false);
        assertThat(of(line, TunnelIdentity.NONE))
                .contains(RadiusAttribute.of(Attributes.AGENT_CIRCUIT_ID, circuit.toByteArray()))
                .contains(RadiusAttribute.of(Attributes.AGENT_REMOTE_ID, new byte[247]));
    }

    @Test
    void aRateThatNeedsMoreThan32BitsIsTheLargestThatFits() { // RFC 4679 section 3.3, RFC 5515 section 5
        AccessLine line = new AccessLine(Optional.empty(), Optional.empty(), Map.of(130, 10_000_000_000L),
                Optional.empty(), false);
        assertThat(of(line, TunnelIdentity.NONE)).contains(
                RadiusAttribute.integer(new AttributeType(Attributes.VENDOR_ADSL_FORUM, 130), 0xFFFF_FFFFL));
    }

    @Test
    void aTunnelOverIpv6HasThatMedium() { // RFC 2868 section 3.2
        TunnelIdentity tunnel = new TunnelIdentity("2001:db8::1", "2001:db8::2", "lac", "lns", "wholesale");
        assertThat(of(AccessLine.NONE, tunnel))
                .contains(RadiusAttribute.taggedInteger(Attributes.TUNNEL_MEDIUM_TYPE, 0, 2));
    }

    @Test
    void theCallIsNamedByItsTunnel() { // RFC 2869 section 5.17, RFC 2867 section 4.1
        TunnelIdentity tunnel = new TunnelIdentity("192.0.2.1", "192.0.2.2", "lac", "lns", "wholesale");
        assertThat(of(AccessLine.NONE, tunnel)).contains(
                RadiusAttribute.text(Attributes.NAS_PORT_ID, "wholesale:1/2"),
                RadiusAttribute.text(Attributes.ACCT_TUNNEL_CONNECTION, "7"));
        assertThat(of(AccessLine.NONE, TunnelIdentity.NONE)).noneMatch(
                attribute -> attribute.type().equals(Attributes.NAS_PORT_ID)
                        || attribute.type().equals(Attributes.ACCT_TUNNEL_CONNECTION));
    }

    @Test
    void equalSpeedsAreToldOnce() { // RFC 2869 section 5.11
        assertThat(of(AccessLine.NONE, TunnelIdentity.NONE))
                .contains(RadiusAttribute.text(Attributes.CONNECT_INFO, "80000000"));
    }
}

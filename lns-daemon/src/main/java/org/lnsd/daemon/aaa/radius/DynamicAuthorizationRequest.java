package org.lnsd.daemon.aaa.radius;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import org.lnsd.daemon.aaa.DynamicAuthorizationResult.ErrorCause;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.Profile.TerminationAction;
import org.lnsd.daemon.aaa.ProfileBuilder;
import org.lnsd.daemon.aaa.ProfileChange;
import org.lnsd.daemon.aaa.SessionSelector;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.radius.AttributeType;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;
import org.lnsd.radius.RadiusCode;
import org.lnsd.radius.RadiusPacket;

/** What a Disconnect- or CoA-Request asks for (RFC 5176 section 3), or why it is refused. */
sealed interface DynamicAuthorizationRequest {
    /** Sessions are to end. */
    record Disconnect(SessionSelector selector) implements DynamicAuthorizationRequest {}

    /** Sessions are to change. */
    record Change(SessionSelector selector, ProfileChange change) implements DynamicAuthorizationRequest {}

    /** It cannot be done. */
    record Refused(ErrorCause cause) implements DynamicAuthorizationRequest {}

    /** Reads a request whose authenticity has been checked. */
    static DynamicAuthorizationRequest read(RadiusPacket packet, NasIdentity nas, ProfileReader profiles) {
        if (!isForUs(packet, nas)) {
            return new Refused(ErrorCause.NAS_IDENTIFICATION_MISMATCH);
        }
        if (packet.first(Attributes.SERVICE_TYPE).isPresent()) {
            return new Refused(ErrorCause.UNSUPPORTED_SERVICE);
        }
        boolean disconnect = packet.code().equals(RadiusCode.DISCONNECT_REQUEST);
        // RFC 5176 section 3.6, note 3: beside something else that names the session, a Class in a CoA-Request is a new value.
        boolean classSelects = disconnect || selector(packet, false).isEmpty();
        SessionSelector selector = selector(packet, classSelects);
        if (selector.isEmpty()) {
            return new Refused(ErrorCause.MISSING_ATTRIBUTE);
        }
        ProfileBuilder builder = new ProfileBuilder();
        for (RadiusAttribute attribute : packet.attributes()) {
            if (isAboutSession(attribute.type(), classSelects)) {
                continue;
            }
            switch (disconnect ? ProfileReader.Outcome.UNKNOWN : profiles.read(attribute, builder)) {
                case READ -> {
                    // Taken.
                }
                case IGNORED -> {
                    // PPP it is; what else is of no use to us is a change that cannot be made, so none is (RFC 5176 section 2.2).
                    if (!attribute.type().equals(Attributes.FRAMED_PROTOCOL)) {
                        return new Refused(ErrorCause.UNSUPPORTED_ATTRIBUTE);
                    }
                }
                case MALFORMED -> {
                    return new Refused(ErrorCause.INVALID_ATTRIBUTE_VALUE);
                }
                case UNKNOWN -> {
                    return new Refused(ErrorCause.UNSUPPORTED_ATTRIBUTE);
                }
            }
        }
        return disconnect ? new Disconnect(selector) : change(selector, builder.build(), packet);
    }

    private static DynamicAuthorizationRequest change(SessionSelector selector, Profile profile, RadiusPacket packet) {
        // Its usual value is one that can be said, too.
        Optional<TerminationAction> action = packet.first(Attributes.TERMINATION_ACTION)
                .map(_ -> profile.terminateAfterTimeout());
        ProfileChange change = new ProfileChange(profile.rateDown(), profile.rateUp(), profile.filterIn(),
                profile.filterOut(), profile.sessionTimeout(), profile.idleTimeout(), profile.interimInterval(),
                profile.pool(), profile.ipv6Pool(), profile.delegatedPool(), profile.classes(), profile.line(),
                action);
        boolean more = !profile.ipv4Routes().isEmpty() || !profile.ipv6Routes().isEmpty() || profile.mtu().isPresent()
                || !profile.dns4().isEmpty() || !profile.dns6().isEmpty() || profile.ipv4Netmask().isPresent()
                || profile.portLimit().isPresent() || profile.ipv6AddressPool().isPresent();
        if (more) {
            // Done whole or not at all (RFC 5176 section 2.2): these cannot be changed while IP is up.
            return new Refused(ErrorCause.UNSUPPORTED_ATTRIBUTE);
        }
        if (change.isEmpty()) {
            boolean other = packet.attributes().stream()
                    .anyMatch(attribute -> !isAboutSession(attribute.type(), true));
            return new Refused(other ? ErrorCause.UNSUPPORTED_ATTRIBUTE : ErrorCause.MISSING_ATTRIBUTE);
        }
        return new Change(selector, change);
    }

    private static boolean isForUs(RadiusPacket packet, NasIdentity nas) {
        boolean name = packet.all(Attributes.NAS_IDENTIFIER).stream()
                .allMatch(attribute -> attribute.asText().equals(nas.name()));
        boolean v4 = packet.all(Attributes.NAS_IP_ADDRESS).stream().allMatch(
                attribute -> nas.address().isEmpty() || attribute.asIpv4().equals(nas.address()));
        boolean v6 = packet.all(Attributes.NAS_IPV6_ADDRESS).stream().allMatch(
                attribute -> nas.address().isEmpty() || attribute.asIpv6().equals(nas.address()));
        return name && v4 && v6;
    }

    private static boolean isAboutSession(AttributeType type, boolean classSelects) {
        return SELECTING.contains(type) || PASSED_OVER.contains(type)
                || (classSelects && type.equals(Attributes.CLASS));
    }

    /** What names the node or the session. */
    Set<AttributeType> SELECTING = Set.of(Attributes.USER_NAME, Attributes.NAS_IP_ADDRESS, Attributes.NAS_IPV6_ADDRESS,
            Attributes.NAS_IDENTIFIER, Attributes.NAS_PORT, Attributes.NAS_PORT_ID, Attributes.FRAMED_IP_ADDRESS,
            Attributes.FRAMED_IPV6_PREFIX, Attributes.DELEGATED_IPV6_PREFIX, Attributes.FRAMED_IPV6_ADDRESS,
            Attributes.FRAMED_INTERFACE_ID, Attributes.CALLED_STATION_ID, Attributes.CALLING_STATION_ID,
            Attributes.ACCT_SESSION_ID, Attributes.ACCT_MULTI_SESSION_ID, Attributes.CHARGEABLE_USER_IDENTITY);

    /** What neither names nor changes a session. */
    Set<AttributeType> PASSED_OVER = Set.of(Attributes.MESSAGE_AUTHENTICATOR, Attributes.EVENT_TIMESTAMP,
            Attributes.PROXY_STATE, Attributes.STATE, Attributes.REPLY_MESSAGE, Attributes.NAS_PORT_TYPE,
            Attributes.ACCT_TERMINATE_CAUSE);

    private static SessionSelector selector(RadiusPacket packet, boolean withClass) {
        List<IpPrefix> prefixes = new ArrayList<>();
        for (AttributeType type : List.of(Attributes.FRAMED_IPV6_PREFIX, Attributes.DELEGATED_IPV6_PREFIX)) {
            packet.all(type).forEach(attribute -> attribute.asPrefixAddress().ifPresent(
                    address -> prefixes.add(IpPrefix.of(address, attribute.asPrefixLength().orElseThrow()))));
        }
        List<Inet6Address> addresses = packet.all(Attributes.FRAMED_IPV6_ADDRESS).stream()
                .flatMap(attribute -> attribute.asIpv6().stream()).toList();
        Optional<Inet4Address> ipv4 = packet.first(Attributes.FRAMED_IP_ADDRESS).flatMap(RadiusAttribute::asIpv4);
        Optional<Long> interfaceId = packet.first(Attributes.FRAMED_INTERFACE_ID)
                .flatMap(attribute -> attribute.asLong64().stream().boxed().findFirst());
        OptionalInt nasPort = packet.first(Attributes.NAS_PORT).map(attribute -> attribute.asUnsigned().stream()
                .mapToInt(value -> (int) value).findFirst()).orElse(OptionalInt.empty());
        List<byte[]> classes = withClass
                ? packet.all(Attributes.CLASS).stream().map(RadiusAttribute::value).toList()
                : List.of();
        return new SessionSelector(text(packet, Attributes.ACCT_SESSION_ID),
                text(packet, Attributes.ACCT_MULTI_SESSION_ID), text(packet, Attributes.USER_NAME), ipv4, prefixes,
                addresses, interfaceId, nasPort, text(packet, Attributes.NAS_PORT_ID),
                text(packet, Attributes.CALLED_STATION_ID), text(packet, Attributes.CALLING_STATION_ID), classes,
                packet.first(Attributes.CHARGEABLE_USER_IDENTITY).map(RadiusAttribute::value));
    }

    private static Optional<String> text(RadiusPacket packet, AttributeType type) {
        return packet.first(type).map(RadiusAttribute::asText);
    }
}

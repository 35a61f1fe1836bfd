package org.lnsd.daemon.aaa.radius;

import java.net.Inet4Address;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

import org.lnsd.daemon.aaa.LineRules;
import org.lnsd.daemon.aaa.Profile.TerminationAction;
import org.lnsd.daemon.aaa.ProfileBuilder;
import org.lnsd.daemon.aaa.RateLimit;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.radius.AttributeType;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;

/** Reads the attributes of an answer, or of a CoA-Request, into a profile: one line of a table each. Immutable. */
final class ProfileReader {
    private static final int USER_CHOOSES = 0xFFFF_FFFF;
    private static final int FROM_POOL = 0xFFFF_FFFE;
    private static final String GARDEN = "garden:";

    /** What became of an attribute. */
    enum Outcome {
        /** Taken into the profile. */
        READ,
        /** Known, but of no use here. */
        IGNORED,
        /** Known, but its value is impossible. */
        MALFORMED,
        /** Not known. */
        UNKNOWN
    }

    /** Reads one attribute's value; false: it is impossible. */
    private interface Reader {
        boolean read(RadiusAttribute attribute, ProfileBuilder profile);
    }

    private static final Set<AttributeType> IGNORED = Set.of(Attributes.USER_NAME, Attributes.SERVICE_TYPE,
            Attributes.FRAMED_PROTOCOL, Attributes.FRAMED_ROUTING, Attributes.FRAMED_COMPRESSION,
            Attributes.PROXY_STATE, Attributes.MESSAGE_AUTHENTICATOR, Attributes.MS_CHAP2_SUCCESS,
            Attributes.MS_CHAP_ERROR, Attributes.TUNNEL_TYPE, Attributes.TUNNEL_MEDIUM_TYPE);

    private final Map<AttributeType, Reader> readers = new HashMap<>();

    ProfileReader() {
        addAddresses();
        addLimits();
        addNameServers();
        addRates();
    }

    Outcome read(RadiusAttribute attribute, ProfileBuilder profile) {
        Reader reader = readers.get(attribute.type());
        if (reader != null) {
            return reader.read(attribute, profile) ? Outcome.READ : Outcome.MALFORMED;
        }
        return IGNORED.contains(attribute.type()) ? Outcome.IGNORED : Outcome.UNKNOWN;
    }

    private void addAddresses() {
        readers.put(Attributes.FRAMED_IP_ADDRESS,
                (attribute, profile) -> attribute.asIpv4().filter(address -> framedAddress(address, profile))
                        .isPresent());
        readers.put(Attributes.FRAMED_IP_NETMASK,
                optional(RadiusAttribute::asIpv4, (mask, profile) -> profile.ipv4Netmask(mask)));
        text(Attributes.FRAMED_POOL, (name, profile) -> profile.pool(name));
        readers.put(Attributes.FRAMED_ROUTE, optional(attribute -> RouteText.parseIpv4(attribute.asText()),
                (route, profile) -> profile.ipv4Route(route)));
        readers.put(Attributes.FRAMED_IPV6_PREFIX,
                optional(ProfileReader::prefix, (prefix, profile) -> profile.ipv6Prefix(prefix)));
        readers.put(Attributes.DELEGATED_IPV6_PREFIX,
                optional(ProfileReader::prefix, (prefix, profile) -> profile.delegatedPrefix(prefix)));
        readers.put(Attributes.FRAMED_IPV6_ADDRESS,
                optional(RadiusAttribute::asIpv6, (address, profile) -> profile.ipv6Address(address)));
        readers.put(Attributes.FRAMED_IPV6_ROUTE, optional(attribute -> RouteText.parseIpv6(attribute.asText()),
                (route, profile) -> profile.ipv6Route(route)));
        text(Attributes.FRAMED_IPV6_POOL, (name, profile) -> profile.ipv6Pool(name));
        text(Attributes.DELEGATED_IPV6_PREFIX_POOL, (name, profile) -> profile.delegatedPool(name));
        text(Attributes.STATEFUL_IPV6_ADDRESS_POOL, (name, profile) -> profile.ipv6AddressPool(name));
        readers.put(Attributes.FRAMED_INTERFACE_ID, (attribute, profile) -> {
            attribute.asLong64().ifPresent(profile::ipv6InterfaceId);
            return attribute.asLong64().isPresent();
        });
    }

    private void addLimits() {
        number(Attributes.FRAMED_MTU, 64, 65535, (mtu, profile) -> profile.mtu(mtu));
        seconds(Attributes.SESSION_TIMEOUT, (time, profile) -> profile.sessionTimeout(time));
        seconds(Attributes.IDLE_TIMEOUT, (time, profile) -> profile.idleTimeout(time));
        seconds(Attributes.ACCT_INTERIM_INTERVAL, (time, profile) -> profile.interimInterval(time));
        number(Attributes.TERMINATION_ACTION, 0, 1, (action, profile) -> profile.terminateAfterTimeout(
                action == 1 ? TerminationAction.RADIUS_REQUEST : TerminationAction.DEFAULT));
        number(Attributes.PORT_LIMIT, 1, Integer.MAX_VALUE, (limit, profile) -> profile.portLimit(limit));
        text(Attributes.FILTER_ID, ProfileReader::filter);
        readers.put(Attributes.CLASS, (attribute, profile) -> {
            profile.addClass(attribute.value());
            return true;
        });
        readers.put(Attributes.STATE, (attribute, profile) -> {
            profile.state(attribute.value());
            return true;
        });
        readers.put(Attributes.CHARGEABLE_USER_IDENTITY, (attribute, profile) -> {
            profile.chargeableUserIdentity(attribute.value());
            return true;
        });
        text(Attributes.REPLY_MESSAGE, (message, profile) -> profile.replyMessage(message));
    }

    private void addNameServers() {
        servers(List.of(Attributes.MS_PRIMARY_DNS_SERVER, Attributes.ASCEND_CLIENT_PRIMARY_DNS,
                Attributes.ASCEND_PLAIN_CLIENT_PRIMARY_DNS, Attributes.ERX_PRIMARY_DNS),
                (server, profile) -> profile.primaryDns4(server));
        servers(List.of(Attributes.MS_SECONDARY_DNS_SERVER, Attributes.ASCEND_CLIENT_SECONDARY_DNS,
                Attributes.ASCEND_PLAIN_CLIENT_SECONDARY_DNS, Attributes.ERX_SECONDARY_DNS),
                (server, profile) -> profile.dns4(server));
        servers(List.of(Attributes.MS_PRIMARY_NBNS_SERVER), (server, profile) -> profile.primaryNbns4(server));
        servers(List.of(Attributes.MS_SECONDARY_NBNS_SERVER), (server, profile) -> profile.nbns4(server));
        for (AttributeType type : List.of(Attributes.DNS_SERVER_IPV6_ADDRESS, Attributes.ERX_IPV6_PRIMARY_DNS,
                Attributes.ERX_IPV6_SECONDARY_DNS)) {
            readers.put(type, optional(RadiusAttribute::asIpv6, (server, profile) -> profile.dns6(server)));
        }
    }

    private void servers(List<AttributeType> types, BiConsumer<Inet4Address, ProfileBuilder> set) {
        types.forEach(type -> readers.put(type, optional(RadiusAttribute::asIpv4, set)));
    }

    private void addRates() {
        rate(Attributes.WISPR_BANDWIDTH_MAX_UP, true);
        rate(Attributes.WISPR_BANDWIDTH_MAX_DOWN, false);
        rate(Attributes.ASCEND_DATA_RATE, true);
        rate(Attributes.ASCEND_XMIT_RATE, false);
        readers.put(Attributes.MIKROTIK_RATE_LIMIT,
                (attribute, profile) -> setRates(RateText.parseMikrotik(attribute.asText()), profile));
        volume(Attributes.MIKROTIK_TOTAL_LIMIT, 0);
        volume(Attributes.MIKROTIK_TOTAL_LIMIT_GIGAWORDS, Integer.SIZE);
        readers.put(Attributes.CISCO_AVPAIR, (attribute, profile) -> CiscoAvPair.read(attribute.asText(), profile));
        text(Attributes.ERX_INGRESS_POLICY_NAME, CiscoAvPair::policyIn);
        text(Attributes.ERX_EGRESS_POLICY_NAME, CiscoAvPair::policyOut);
    }

    static boolean setRates(RateText.Pair rates, ProfileBuilder profile) {
        rates.up().ifPresent(profile::rateUp);
        rates.down().ifPresent(profile::rateDown);
        return rates.up().isPresent() || rates.down().isPresent();
    }

    // RFC 2865 section 5.8
    private static boolean framedAddress(Inet4Address address, ProfileBuilder profile) {
        switch (IpAddresses.toInt(address)) {
            case USER_CHOOSES -> profile.ipv4UserChoice(true);
            case FROM_POOL -> profile.ipv4FromPool(true);
            default -> {
                if (address.isAnyLocalAddress() || address.isMulticastAddress() || address.isLoopbackAddress()) {
                    return false;
                }
                profile.ipv4(address);
            }
        }
        return true;
    }

    /** {@code NAME.in} and {@code NAME.out} name one direction, any other name both; {@code garden:NAME} is a walled garden. */
    private static void filter(String name, ProfileBuilder profile) {
        if (name.startsWith(GARDEN)) {
            String garden = name.substring(GARDEN.length());
            profile.line(LineRules.ofGarden(garden.equals("none") ? "" : garden));
        } else if (name.endsWith(".in")) {
            profile.filterIn(name.substring(0, name.length() - 3));
        } else if (name.endsWith(".out")) {
            profile.filterOut(name.substring(0, name.length() - 4));
        } else {
            profile.filterIn(name).filterOut(name);
        }
    }

    private static Optional<IpPrefix> prefix(RadiusAttribute attribute) {
        return attribute.asPrefixAddress()
                .filter(address -> !address.isMulticastAddress() && !address.isLinkLocalAddress()
                        && attribute.asPrefixLength().orElse(0) > 0)
                .map(address -> IpPrefix.of(address, attribute.asPrefixLength().orElseThrow()));
    }

    private static <T> Reader optional(Function<RadiusAttribute, Optional<T>> parse,
            BiConsumer<T, ProfileBuilder> set) {
        return (attribute, profile) -> {
            Optional<T> value = parse.apply(attribute);
            value.ifPresent(it -> set.accept(it, profile));
            return value.isPresent();
        };
    }

    private void text(AttributeType type, BiConsumer<String, ProfileBuilder> set) {
        readers.put(type, (attribute, profile) -> {
            String value = attribute.asText();
            if (!value.isEmpty()) {
                set.accept(value, profile);
            }
            return !value.isEmpty();
        });
    }

    private void number(AttributeType type, int minimum, int maximum, BiConsumer<Integer, ProfileBuilder> set) {
        readers.put(type, (attribute, profile) -> {
            OptionalInt value = attribute.asInt();
            if (value.isEmpty() || value.getAsInt() < minimum || value.getAsInt() > maximum) {
                return false;
            }
            set.accept(value.getAsInt(), profile);
            return true;
        });
    }

    private void seconds(AttributeType type, BiConsumer<Duration, ProfileBuilder> set) {
        readers.put(type, (attribute, profile) -> {
            // 0 says that there is no limit
            attribute.asUnsigned().stream().filter(value -> value > 0)
                    .forEach(value -> set.accept(Duration.ofSeconds(value), profile));
            return attribute.asUnsigned().isPresent();
        });
    }

    private void volume(AttributeType type, int shift) {
        readers.put(type, (attribute, profile) -> {
            attribute.asUnsigned().ifPresent(
                    value -> profile.volumeLimit(value << shift & Long.MAX_VALUE, 0xFFFF_FFFFL << shift));
            return attribute.asUnsigned().isPresent();
        });
    }

    private void rate(AttributeType type, boolean up) {
        readers.put(type, (attribute, profile) -> {
            Optional<RateLimit> limit = attribute.asUnsigned().stream().boxed()
                    .filter(bps -> bps > 0).map(bps -> new RateLimit(bps, 0)).findFirst();
            limit.ifPresent(up ? profile::rateUp : profile::rateDown);
            return limit.isPresent();
        });
    }
}

package org.lnsd.daemon.aaa.radius;

import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;

import org.lnsd.daemon.aaa.AccountingSubject;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.SessionAddresses;
import org.lnsd.daemon.aaa.SessionUsage;
import org.lnsd.daemon.aaa.TerminateCause;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.radius.AttributeType;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;

/** Writes accounting records (RFC 2866, RFC 2869, RFC 4372, RFC 6911). Immutable. */
final class AccountingRecordWriter {
    private static final int TERMINATE_ADMIN_REBOOT = 7;

    private final NasIdentity nas;

    AccountingRecordWriter(NasIdentity nas) { this.nas = nas; }

    /** A record of the node itself: On or Off. */
    AccountingRecord node(AccountingStatus status, String sessionId, long eventTimeMs) {
        List<RadiusAttribute> attributes = new ArrayList<>();
        attributes.add(RadiusAttribute.integer(Attributes.ACCT_STATUS_TYPE, status.code()));
        nas.addTo(attributes);
        attributes.add(RadiusAttribute.text(Attributes.ACCT_SESSION_ID, sessionId));
        attributes.add(RadiusAttribute.integer(Attributes.EVENT_TIMESTAMP, eventTimeMs / 1000));
        if (status == AccountingStatus.OFF) {
            attributes.add(RadiusAttribute.integer(Attributes.ACCT_TERMINATE_CAUSE, TERMINATE_ADMIN_REBOOT));
        }
        return new AccountingRecord(sessionId, status, "", eventTimeMs, attributes);
    }

    /** A record of a session without counters. */
    List<RadiusAttribute> session(AccountingStatus status, AccountingSubject subject, Profile profile,
            SessionAddresses addresses, long eventTimeMs) {
        List<RadiusAttribute> attributes = new ArrayList<>(40);
        attributes.add(RadiusAttribute.integer(Attributes.ACCT_STATUS_TYPE, status.code()));
        attributes.add(RadiusAttribute.text(Attributes.USER_NAME, subject.user()));
        nas.addTo(attributes);
        SessionAttributes.addTo(attributes, subject.session());
        attributes.add(RadiusAttribute.integer(Attributes.ACCT_AUTHENTIC, subject.authentic().code()));
        attributes.add(RadiusAttribute.integer(Attributes.EVENT_TIMESTAMP, eventTimeMs / 1000));
        addAddresses(attributes, addresses);
        profile.classes().forEach(value -> attributes.add(RadiusAttribute.of(Attributes.CLASS, value)));
        profile.chargeableUserIdentity()
                .ifPresent(cui -> attributes.add(RadiusAttribute.of(Attributes.CHARGEABLE_USER_IDENTITY, cui)));
        profile.ipv4Routes().forEach(route -> attributes.add(RadiusAttribute.text(Attributes.FRAMED_ROUTE,
                route.prefix() + " 0.0.0.0 " + Math.max(1, route.metric()))));
        return attributes;
    }

    /**
     * The Stop of a session whose end nobody saw, because the process was killed: with the counters of its newest record, ended when that
     * was written.
     */
    AccountingRecord stopOfKilled(AccountingRecord newest) {
        List<RadiusAttribute> attributes = new ArrayList<>(newest.attributes().size() + 8);
        attributes.add(RadiusAttribute.integer(Attributes.ACCT_STATUS_TYPE, AccountingStatus.STOP.code()));
        newest.attributes().stream().filter(attribute -> !attribute.type().equals(Attributes.ACCT_STATUS_TYPE))
                .forEach(attributes::add);
        if (newest.status() == AccountingStatus.START) {
            addUsage(attributes, SessionUsage.NONE, 0);
        }
        addCause(attributes, TerminateCause.NAS_REBOOT);
        return new AccountingRecord(newest.sessionId(), AccountingStatus.STOP, newest.user(), newest.eventTimeMs(),
                attributes);
    }

    /** Adds what has been used (RFC 2866 sections 5.3 to 5.8, RFC 2869 sections 5.1 and 5.2). */
    void addUsage(List<RadiusAttribute> attributes, SessionUsage usage, long seconds) {
        attributes.add(RadiusAttribute.integer(Attributes.ACCT_SESSION_TIME, seconds));
        attributes.add(RadiusAttribute.integer(Attributes.ACCT_INPUT_OCTETS, usage.octetsIn() & 0xFFFF_FFFFL));
        attributes.add(RadiusAttribute.integer(Attributes.ACCT_OUTPUT_OCTETS, usage.octetsOut() & 0xFFFF_FFFFL));
        attributes.add(RadiusAttribute.integer(Attributes.ACCT_INPUT_GIGAWORDS, usage.octetsIn() >>> 32));
        attributes.add(RadiusAttribute.integer(Attributes.ACCT_OUTPUT_GIGAWORDS, usage.octetsOut() >>> 32));
        attributes.add(RadiusAttribute.integer(Attributes.ACCT_INPUT_PACKETS, usage.packetsIn() & 0xFFFF_FFFFL));
        attributes.add(RadiusAttribute.integer(Attributes.ACCT_OUTPUT_PACKETS, usage.packetsOut() & 0xFFFF_FFFFL));
        addLinks(attributes, usage);
    }

    /** Adds how many links the bundle has had (RFC 2866 section 5.12), where there is one. */
    void addLinks(List<RadiusAttribute> attributes, SessionUsage usage) {
        if (usage.links() > 0) {
            attributes.add(RadiusAttribute.integer(Attributes.ACCT_LINK_COUNT, usage.links()));
        }
    }

    /** Adds why a session ended. */
    void addCause(List<RadiusAttribute> attributes, TerminateCause cause) {
        attributes.add(RadiusAttribute.integer(Attributes.ACCT_TERMINATE_CAUSE, cause.code()));
    }

    private static void addAddresses(List<RadiusAttribute> attributes, SessionAddresses addresses) {
        addresses.ipv4()
                .ifPresent(ipv4 -> attributes.add(RadiusAttribute.address(Attributes.FRAMED_IP_ADDRESS, ipv4)));
        addresses.ipv6InterfaceId()
                .ifPresent(id -> attributes.add(RadiusAttribute.long64(Attributes.FRAMED_INTERFACE_ID, id)));
        addresses.ipv6Prefixes().forEach(prefix -> addPrefix(attributes, Attributes.FRAMED_IPV6_PREFIX, prefix));
        addresses.delegatedPrefixes()
                .forEach(prefix -> addPrefix(attributes, Attributes.DELEGATED_IPV6_PREFIX, prefix));
        addresses.ipv6Addresses()
                .forEach(ipv6 -> attributes.add(RadiusAttribute.address(Attributes.FRAMED_IPV6_ADDRESS, ipv6)));
    }

    private static void addPrefix(List<RadiusAttribute> attributes, AttributeType type, IpPrefix prefix) {
        if (prefix.address() instanceof Inet6Address address) {
            attributes.add(RadiusAttribute.prefix(type, address, prefix.length()));
        }
    }
}

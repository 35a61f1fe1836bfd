package org.lnsd.daemon.aaa;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.lnsd.daemon.net.IpPrefix;

/**
 * Which sessions a dynamic authorisation request means: a session must meet all that is present (RFC 5176 section 3).
 *
 * @param acctSessionId Acct-Session-Id
 * @param multiSessionId Acct-Multi-Session-Id
 * @param userName User-Name
 * @param framedIpAddress Framed-IP-Address
 * @param ipv6Prefixes Framed-IPv6-Prefix and Delegated-IPv6-Prefix: the session must have each
 * @param ipv6Addresses Framed-IPv6-Address: the session must have each
 * @param interfaceId Framed-Interface-Id
 * @param nasPort NAS-Port
 * @param nasPortId NAS-Port-Id
 * @param calledNumber Called-Station-Id
 * @param callingNumber Calling-Station-Id
 * @param classes Class: the session must have each
 * @param chargeableUserIdentity Chargeable-User-Identity
 */
public record SessionSelector(Optional<String> acctSessionId, Optional<String> multiSessionId,
        Optional<String> userName, Optional<Inet4Address> framedIpAddress, List<IpPrefix> ipv6Prefixes,
        List<Inet6Address> ipv6Addresses, Optional<Long> interfaceId, OptionalInt nasPort, Optional<String> nasPortId,
        Optional<String> calledNumber, Optional<String> callingNumber, List<byte[]> classes,
        Optional<byte[]> chargeableUserIdentity) {
    /** Copies the lists. */
    public SessionSelector {
        ipv6Prefixes = List.copyOf(ipv6Prefixes);
        ipv6Addresses = List.copyOf(ipv6Addresses);
        classes = List.copyOf(classes);
    }

    /** Whether nothing names a session. */
    public boolean isEmpty() {
        return acctSessionId.isEmpty() && multiSessionId.isEmpty() && userName.isEmpty() && framedIpAddress.isEmpty()
                && ipv6Prefixes.isEmpty() && ipv6Addresses.isEmpty() && interfaceId.isEmpty() && nasPort.isEmpty()
                && nasPortId.isEmpty() && calledNumber.isEmpty() && callingNumber.isEmpty() && classes.isEmpty()
                && chargeableUserIdentity.isEmpty();
    }

    /**
     * Whether a session is meant.
     *
     * @param user its user name
     * @param session its identity
     * @param profile its profile
     * @param addresses its addresses
     */
    public boolean matches(String user, SessionIdentity session, Profile profile, SessionAddresses addresses) {
        return matchesIdentity(user, session) && matchesAddresses(addresses) && matchesProfile(profile);
    }

    private boolean matchesIdentity(String user, SessionIdentity session) {
        return agrees(acctSessionId, session.acctSessionId()) && agrees(multiSessionId, session.multiSessionId())
                && agrees(userName, user) && agrees(nasPortId, session.nasPortId())
                && agrees(calledNumber, session.calledNumber()) && agrees(callingNumber, session.callingNumber())
                && (nasPort.isEmpty() || nasPort.getAsInt() == session.nasPort());
    }

    private boolean matchesAddresses(SessionAddresses addresses) {
        boolean prefixes = ipv6Prefixes.stream().allMatch(wanted -> addresses.ipv6Prefixes().contains(wanted)
                || addresses.delegatedPrefixes().contains(wanted));
        return prefixes && (framedIpAddress.isEmpty() || framedIpAddress.equals(addresses.ipv4()))
                && addresses.ipv6Addresses().containsAll(ipv6Addresses)
                && (interfaceId.isEmpty() || interfaceId.get() == addresses.ipv6InterfaceId().orElse(0));
    }

    private boolean matchesProfile(Profile profile) {
        boolean classesAgree = classes.stream().allMatch(
                wanted -> profile.classes().stream().anyMatch(present -> Arrays.equals(wanted, present)));
        return classesAgree && chargeableUserIdentity
                .map(wanted -> profile.chargeableUserIdentity()
                        .map(present -> Arrays.equals(wanted, present)).orElse(false))
                .orElse(true);
    }

    private static boolean agrees(Optional<String> wanted, String present) {
        return wanted.isEmpty() || wanted.get().equals(present);
    }
}

package org.lnsd.daemon.aaa.radius;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

import org.lnsd.daemon.aaa.Ipv4Route;
import org.lnsd.daemon.aaa.Ipv6Route;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;

/** Routes as RADIUS writes them: prefix, gateway, metrics (RFC 2865 section 5.22, RFC 3162 section 2.5). */
final class RouteText {
    private RouteText() {}

    static Optional<Ipv4Route> parseIpv4(String text) {
        String[] parts = text.strip().split("\\s+", -1);
        return prefix(parts[0]).filter(IpPrefix::isIpv4).map(prefix -> new Ipv4Route(prefix, metric(parts)));
    }

    static Optional<Ipv6Route> parseIpv6(String text) {
        String[] parts = text.strip().split("\\s+", -1);
        return prefix(parts[0]).filter(prefix -> !prefix.isIpv4())
                .map(prefix -> new Ipv6Route(prefix, metric(parts)));
    }

    private static Optional<IpPrefix> prefix(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = IpAddresses.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        if (slash < 0) {
            return Optional.of(withoutLength(address.get()));
        }
        int lengthBits = number(text.substring(slash + 1));
        int limitBits = address.get().getAddress().length * 8;
        return lengthBits >= 0 && lengthBits <= limitBits
                ? Optional.of(IpPrefix.of(address.get(), lengthBits))
                : Optional.empty();
    }

    // RFC 2865 section 5.22: without a length it is that of the address' class; a host address is one host.
    private static IpPrefix withoutLength(InetAddress address) {
        if (!(address instanceof Inet4Address)) {
            return IpPrefix.ofHost(address);
        }
        int first = address.getAddress()[0] & 0xFF;
        IpPrefix network = IpPrefix.of(address, first < 128 ? 8 : first < 192 ? 16 : 24);
        return network.address().equals(address) ? network : IpPrefix.ofHost(address);
    }

    /** The number behind the gateway, or behind the prefix where there is no gateway; 0 without one. */
    private static int metric(String[] parts) {
        for (int i = 1; i < Math.min(parts.length, 3); i++) {
            int metric = number(parts[i]);
            if (metric >= 0) {
                return metric;
            }
        }
        return 0;
    }

    private static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : -1;
    }
}

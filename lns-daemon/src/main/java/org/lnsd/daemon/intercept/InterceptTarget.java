package org.lnsd.daemon.intercept;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.lnsd.daemon.net.IpAddresses;

/** Where the copies go. */
public sealed interface InterceptTarget {

    /** Each IP packet as it is in a UDP datagram, as l2tpns's snoop does. */
    record Collector(InetSocketAddress address) implements InterceptTarget {
        @Override
        public String toString() {
            String host = IpAddresses.format(address.getAddress());
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
        }
    }

    /** A pcapng file of the session's name in {@code intercept} of the state directory. */
    record PcapngFile() implements InterceptTarget {
        @Override
        public String toString() { return "file"; }
    }

    /** Reads {@code ADDRESS:PORT}, {@code [ADDRESS]:PORT} or {@code file}. */
    static Optional<InterceptTarget> parse(String text) {
        if (text.equals("file")) {
            return Optional.of(new PcapngFile());
        }
        int colon = text.lastIndexOf(':');
        String port = colon < 0 ? "" : text.substring(colon + 1);
        if (colon < 1 || !port.matches("\\d{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
            return Optional.empty();
        }
        String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
        return IpAddresses.parse(host)
                .map(address -> new Collector(new InetSocketAddress(address, Integer.parseInt(port))));
    }
}

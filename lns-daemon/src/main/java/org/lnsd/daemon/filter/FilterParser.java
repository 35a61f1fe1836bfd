package org.lnsd.daemon.filter;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;

/**
 * Reads a rule in the words of access lists:
 *
 * <pre>
 * RULE     = ("permit" | "deny" | "reject") [PROTOCOL] SOURCE [PORTS] [DESTINATION [PORTS]] [OPTION]
 * PROTOCOL = "ip" | "ipv4" | "ipv6" | "tcp" | "udp" | "icmp" | "icmpv6" | "gre" | "esp" | "ah" | number
 * SOURCE   = "any" | ADDRESS/LENGTH | "host" ADDRESS | ADDRESS [WILDCARD]
 * PORTS    = ("eq" | "neq" | "gt" | "lt") PORT | "range" PORT PORT | "port" PORT[-PORT][,PORT[-PORT]]...
 * OPTION   = "established" | ("match-any" | "match-all") (+|-)FLAG... | "type" NUMBER | "fragments"
 * </pre>
 *
 * A list ends with an unwritten {@code deny any}. {@code reject} denies and tells the sender.
 */
public final class FilterParser {
    private static final Map<String, Integer> PROTOCOLS = Map.of("tcp", PacketFields.TCP, "udp", PacketFields.UDP,
            "icmp", PacketFields.ICMP,
            "icmpv6", PacketFields.ICMPV6, "gre", 47, "esp", 50, "ah", 51);
    private static final Map<String, Integer> FLAGS = Map.of("fin", 1, "syn", 2, "rst", 4, "psh", 8, "ack", 16, "urg",
            32);
    private static final Map<String, Integer> PORTS = Map.ofEntries(Map.entry("ftp", 21), Map.entry("ssh", 22),
            Map.entry("telnet", 23),
            Map.entry("smtp", 25), Map.entry("domain", 53), Map.entry("www", 80), Map.entry("http", 80),
            Map.entry("pop3", 110), Map.entry("ntp", 123),
            Map.entry("imap", 143), Map.entry("snmp", 161), Map.entry("https", 443));

    private final String[] words;
    private final String text;
    private int at;
    private int family;
    private int protocol = -1;

    private FilterParser(String text) {
        this.text = text.strip();
        this.words = this.text.split("\\s+", -1);
    }

    /**
     * The rule that the text says.
     *
     * @throws IllegalArgumentException which word is wrong and what was expected
     */
    public static FilterRule parse(String text) { return new FilterParser(text).rule(); }

    private FilterRule rule() {
        String action = next("permit, deny or reject");
        boolean permit = switch (action) {
            case "permit" -> true;
            case "deny", "reject" -> false;
            default -> throw wrong("permit, deny or reject");
        };
        readProtocol();
        AddressMatch source = address();
        PortMatch sourcePorts = ports();
        AddressMatch destination = isAddress() ? address() : AddressMatch.ANY;
        PortMatch destinationPorts = ports();
        TcpFlagMatch flags = TcpFlagMatch.ANY;
        int icmpType = -1;
        boolean fragments = false;
        while (at < words.length) {
            switch (words[at++]) {
                case "established" -> flags = tcp(TcpFlagMatch.ESTABLISHED);
                case "match-any" -> flags = tcp(flags(false));
                case "match-all" -> flags = tcp(flags(true));
                case "type" -> icmpType = number(next("an ICMP type"), 255, "an ICMP type");
                case "fragments" -> fragments = true;
                default -> throw wrong("established, match-any, match-all, type or fragments");
            }
        }
        if (icmpType >= 0 && protocol != PacketFields.ICMP && protocol != PacketFields.ICMPV6) {
            throw new IllegalArgumentException("\"" + text + "\": type needs protocol icmp or icmpv6");
        }
        if (fragments && (!sourcePorts.isAny() || !destinationPorts.isAny() || !flags.isAny() || icmpType >= 0)) {
            throw new IllegalArgumentException(
                    "\"" + text + "\": fragments other than the first show no ports, flags or types");
        }
        return new FilterRule(permit, action.equals("reject"), family, protocol, source, destination, sourcePorts,
                destinationPorts, flags,
                icmpType, fragments, text);
    }

    private void readProtocol() {
        String word = peek();
        Integer named = PROTOCOLS.get(word);
        boolean isNumber = !word.isEmpty() && word.chars().allMatch(Character::isDigit);
        if (named == null && !isNumber && !word.equals("ip") && !word.equals("ipv4") && !word.equals("ipv6")) {
            return; // the short form: addresses alone
        }
        at++;
        if (named != null) {
            protocol = named;
        } else if (isNumber) {
            protocol = number(word, 255, "a protocol number");
        }
        family = switch (word) {
            case "ipv4", "icmp" -> 4;
            case "ipv6", "icmpv6" -> 6;
            default -> 0;
        };
    }

    private boolean isAddress() {
        String word = peek();
        return word.equals("any") || word.equals("host") || IpAddresses.parse(beforeSlash(word)).isPresent();
    }

    private static String beforeSlash(String word) {
        return word.indexOf('/') < 0 ? word : word.substring(0, word.indexOf('/'));
    }

    private AddressMatch address() {
        String expected = "any, host ADDRESS, ADDRESS/LENGTH or ADDRESS WILDCARD";
        String word = next(expected);
        if (word.equals("any")) {
            return AddressMatch.ANY;
        }
        InetAddress address = literal(word.equals("host") ? next("an address") : beforeSlash(word), expected);
        int wanted = address instanceof Inet4Address ? 4 : 6;
        if (family != 0 && family != wanted) {
            throw wrong("an address of IPv" + family);
        }
        family = wanted;
        if (word.indexOf('/') >= 0) {
            return prefix(word);
        }
        if (!word.equals("host") && address instanceof Inet4Address
                && IpAddresses.parse(peek()).orElse(null) instanceof Inet4Address wildcard) {
            at++;
            return AddressMatch.wildcard(bits(address), bits(wildcard));
        }
        return AddressMatch.of(IpPrefix.ofHost(address));
    }

    private AddressMatch prefix(String word) {
        try {
            return AddressMatch.of(IpPrefix.parse(word));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\": " + e.getMessage(), e);
        }
    }

    private InetAddress literal(String word, String expected) {
        return IpAddresses.parse(word).orElseThrow(() -> wrong(expected));
    }

    private static int bits(InetAddress address) { return ByteBuffer.wrap(address.getAddress()).getInt(); }

    private PortMatch ports() {
        return switch (peek()) {
            case "eq" -> single(port());
            case "neq" -> not(port());
            case "gt" -> above(port());
            case "lt" -> below(port());
            case "range" -> {
                at++;
                requireTransport();
                int first = port(next("a port"));
                yield ordered(first, port(next("a port")));
            }
            case "port" -> {
                at++;
                requireTransport();
                yield list(next("ports"));
            }
            default -> PortMatch.ANY;
        };
    }

    /** The port that follows the comparison word. */
    private int port() {
        at++;
        requireTransport();
        return port(next("a port"));
    }

    private void requireTransport() {
        if (protocol != PacketFields.TCP && protocol != PacketFields.UDP) {
            throw new IllegalArgumentException("\"" + text + "\": ports need protocol tcp or udp");
        }
    }

    private static PortMatch single(int port) { return new PortMatch(List.of(new PortMatch.Range(port, port))); }

    private static PortMatch not(int port) {
        List<PortMatch.Range> ranges = new ArrayList<>(2);
        if (port > 0) {
            ranges.add(new PortMatch.Range(0, port - 1));
        }
        if (port < 0xffff) {
            ranges.add(new PortMatch.Range(port + 1, 0xffff));
        }
        return new PortMatch(ranges);
    }

    private PortMatch above(int port) {
        if (port == 0xffff) {
            throw wrong("a port below 65535");
        }
        return new PortMatch(List.of(new PortMatch.Range(port + 1, 0xffff)));
    }

    private PortMatch below(int port) {
        if (port == 0) {
            throw wrong("a port above 0");
        }
        return new PortMatch(List.of(new PortMatch.Range(0, port - 1)));
    }

    private PortMatch ordered(int first, int last) {
        if (first > last) {
            throw wrong("a port of at least " + first);
        }
        return new PortMatch(List.of(new PortMatch.Range(first, last)));
    }

    private PortMatch list(String word) {
        List<PortMatch.Range> ranges = new ArrayList<>();
        for (String item : word.split(",", -1)) {
            int dash = item.indexOf('-');
            ranges.addAll(dash < 0
                    ? single(port(item)).ranges()
                    : ordered(port(item.substring(0, dash)), port(item.substring(dash + 1))).ranges());
        }
        return new PortMatch(ranges);
    }

    private int port(String word) {
        Integer named = PORTS.get(word);
        return named != null ? named : number(word, 0xffff, "a port");
    }

    private TcpFlagMatch tcp(TcpFlagMatch flags) {
        if (protocol != PacketFields.TCP) {
            throw new IllegalArgumentException("\"" + text + "\": flags need protocol tcp");
        }
        return flags;
    }

    private TcpFlagMatch flags(boolean all) {
        int set = 0;
        int clear = 0;
        while (peek().startsWith("+") || peek().startsWith("-")) {
            String word = words[at++];
            Integer flag = FLAGS.get(word.substring(1));
            if (flag == null) {
                throw wrong("fin, syn, rst, psh, ack or urg with + or -");
            }
            set |= word.charAt(0) == '+' ? flag : 0;
            clear |= word.charAt(0) == '-' ? flag : 0;
        }
        if ((set | clear) == 0 || (set & clear) != 0) {
            throw wrong("flags with + or -, none of them twice");
        }
        return new TcpFlagMatch(set, clear, all);
    }

    private int number(String word, int maximum, String expected) {
        if (word.isEmpty() || word.length() > 5 || !word.chars().allMatch(c -> c >= '0' && c <= '9')
                || Integer.parseInt(word) > maximum) {
            throw wrong(expected + " of 0 to " + maximum);
        }
        return Integer.parseInt(word);
    }

    private String peek() { return at < words.length ? words[at] : ""; }

    private String next(String expected) {
        if (at >= words.length) {
            throw new IllegalArgumentException("\"" + text + "\" ends where " + expected + " was expected");
        }
        return words[at++];
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException(
                "\"" + text + "\": \"" + words[at - 1] + "\" where " + expected + " was expected");
    }
}

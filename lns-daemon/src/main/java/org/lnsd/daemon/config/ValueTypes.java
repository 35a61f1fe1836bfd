package org.lnsd.daemon.config;

import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;

import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

import java.math.BigDecimal;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types that values of lnsd.toml have. */
final class ValueTypes {

    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?) ?([A-Za-z/]+)");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,4})%");
    private static final Pattern DOMAIN = Pattern
            .compile(
                    "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\\.?");
    private static final List<IpPrefix> RESERVED = List.of(IpPrefix.parse("0.0.0.0/8"),
            IpPrefix.parse("127.0.0.0/8"), IpPrefix.parse("224.0.0.0/4"), IpPrefix.parse("255.255.255.255/32"),
            IpPrefix.parse("::/127"),
            IpPrefix.parse("fe80::/10"), IpPrefix.parse("ff00::/8"));
    private static final Map<String, Long> NANOSECONDS = Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s",
            1_000_000_000L, "m", 60_000_000_000L,
            "h", 3_600_000_000_000L, "d", 86_400_000_000_000L);
    private static final Map<String, Long> BITS_PER_SECOND = Map.of("bit/s", 1L, "kbit/s", 1_000L, "Mbit/s", 1_000_000L,
            "Gbit/s", 1_000_000_000L);
    private static final Map<String, Long> BYTES = Map.of("MB", 1_000_000L, "GB", 1_000_000_000L, "TB",
            1_000_000_000_000L);

    private ValueTypes() {}

    /** Reads a text of the file's. */
    interface TextReader<T> {
        T read(String text) throws BadValue;
    }

    private record TextType<T>(TextReader<T> reader, T placeholder, String description,
            boolean isSecret) implements ValueType<T> {
        @Override
        public T read(Object raw, Place place) throws BadValue {
            if (raw instanceof String text) {
                return reader.read(text);
            }
            throw new BadValue(kind(raw) + " " + Literals.write(raw) + ", " + description + " expected");
        }
    }

    /** A type whose values are written as strings. */
    static <T> ValueType<T> text(TextReader<T> reader, T placeholder, String description) {
        return new TextType<>(reader, placeholder, description, false);
    }

    /** Any string. */
    static ValueType<String> string() { return text(text -> text, "", "a string"); }

    /** A string that is not empty and has no control characters. */
    static ValueType<String> name() {
        return text(text -> {
            if (text.isBlank() || text.length() > 253 || text.chars().anyMatch(Character::isISOControl)) {
                throw new BadValue(Literals.quote(text) + " is no name, 1 to 253 printable characters expected");
            }
            return text;
        }, "?", "a name");
    }

    /** As {@link #name()}, or empty. */
    static ValueType<String> nameOrEmpty() {
        return text(text -> text.isEmpty() ? text : name().read(text, Place.nowhere()), "", "a name, or \"\"");
    }

    /** A domain name, RFC 1035 section 2.3.1 with underscores; as it is sent to subscribers. */
    static ValueType<String> domain() {
        return text(text -> {
            if (text.length() > 253 || !DOMAIN.matcher(text).matches()) {
                throw new BadValue(Literals.quote(text)
                        + " is no domain, labels of 1 to 63 letters, digits and hyphens with dots between expected");
            }
            return text;
        }, "example.net", "a domain");
    }

    /** A secret. */
    static ValueType<Secret> secret() {
        return new TextType<>(text -> {
            if (text.isEmpty()) {
                throw new BadValue("the secret is empty, at least one character expected");
            }
            return Secret.of(text);
        }, Secret.of("?"), "a string", true);
    }

    /** A glob. */
    static ValueType<Glob> glob() {
        return text(text -> {
            if (text.isEmpty()) {
                throw new BadValue("the glob is empty, \"*\" expected where all shall fit");
            }
            return Glob.of(text);
        }, Glob.of("*"), "a glob such as \"lac-*\"");
    }

    /** A path. */
    static ValueType<Path> path() {
        return text(text -> {
            if (text.isEmpty() || text.indexOf('\0') >= 0) {
                throw new BadValue("the path is empty, a file's path expected");
            }
            return Path.of(text);
        }, Path.of("/"), "a path");
    }

    /** A boolean. */
    static ValueType<Boolean> bool() {
        return new ValueType<>() {
            @Override
            public Boolean read(Object raw, Place place) throws BadValue {
                if (raw instanceof Boolean value) {
                    return value;
                }
                throw new BadValue(kind(raw) + " " + Literals.write(raw) + ", " + description() + " expected");
            }

            @Override
            public Boolean placeholder() { return false; }

            @Override
            public String description() { return "true or false"; }
        };
    }

    /** An integer within limits. */
    static ValueType<Integer> integer(int minimum, int maximum) {
        return new ValueType<>() {
            @Override
            public Integer read(Object raw, Place place) throws BadValue {
                if (!(raw instanceof Long value)) {
                    throw new BadValue(kind(raw) + " " + Literals.write(raw) + ", " + description() + " expected");
                }
                if (value < minimum || value > maximum) {
                    throw new BadValue(value + " is out of range, " + minimum + " to " + maximum + " expected");
                }
                return (int) (long) value;
            }

            @Override
            public Integer placeholder() { return minimum; }

            @Override
            public String description() { return "an integer from " + minimum + " to " + maximum; }
        };
    }

    /** A duration within limits. */
    static ValueType<Duration> duration(Duration minimum, Duration maximum) {
        return text(text -> {
            Optional<Long> durationNs = quantity(text, NANOSECONDS);
            if (durationNs.isEmpty()) {
                throw new BadValue(Literals.quote(text)
                        + " is no duration, a number and a unit (ms, s, m, h, d) expected, such as \"60s\"");
            }
            Duration value = Duration.ofNanos(durationNs.get());
            if (value.compareTo(minimum) < 0 || value.compareTo(maximum) > 0) {
                throw new BadValue(Literals.quote(text) + " is out of range, " + format(minimum) + " to "
                        + format(maximum) + " expected");
            }
            return value;
        }, minimum, "a duration from " + format(minimum) + " to " + format(maximum));
    }

    /** A rate in bit/s. */
    static ValueType<Long> rate() {
        return text(text -> {
            Optional<Long> rateBps = quantity(text, BITS_PER_SECOND);
            if (rateBps.isEmpty()) {
                throw new BadValue(Literals.quote(text)
                        + " is no rate, a number and a unit (bit/s, kbit/s, Mbit/s, Gbit/s) expected, such as \"20Mbit/s\"");
            }
            if (rateBps.get() < Rates.MINIMUM_BPS || rateBps.get() > Rates.MAXIMUM_BPS) {
                throw new BadValue(Literals.quote(text) + " is out of range, 64kbit/s to 10Gbit/s expected");
            }
            return rateBps.get();
        }, Rates.MINIMUM_BPS, "a rate such as \"20Mbit/s\"");
    }

    /** A rate in bit/s, or in percent of the line's speed. */
    static ValueType<LineRate> lineRate() {
        ValueType<Long> rate = rate();
        return text(text -> {
            Matcher percent = PERCENT.matcher(text);
            if (!percent.matches()) {
                return new LineRate(rate.read(text, Place.nowhere()), 0);
            }
            int value = Integer.parseInt(percent.group(1));
            if (value < 1 || value > Rates.MAXIMUM_PERCENT) {
                throw new BadValue(Literals.quote(text) + " is out of range, 1% to " + Rates.MAXIMUM_PERCENT
                        + "% of the line's speed expected");
            }
            return new LineRate(0, value);
        }, new LineRate(Rates.MINIMUM_BPS, 0), "a rate such as \"20Mbit/s\", or \"90%\" of the line's speed");
    }

    /** A volume in bytes. */
    static ValueType<Long> volume() {
        return text(text -> {
            Optional<Long> bytes = quantity(text, BYTES);
            if (bytes.isEmpty()) {
                throw new BadValue(Literals.quote(text)
                        + " is no volume, a number and a unit (MB, GB, TB) expected, such as \"50GB\"");
            }
            if (bytes.get() < Rates.MINIMUM_VOLUME_BYTES || bytes.get() > Rates.MAXIMUM_VOLUME_BYTES) {
                throw new BadValue(Literals.quote(text) + " is out of range, 1MB to 1000TB expected");
            }
            return bytes.get();
        }, Rates.MINIMUM_VOLUME_BYTES, "a volume such as \"50GB\"");
    }

    private static Optional<Long> quantity(String text, Map<String, Long> units) {
        Matcher matcher = QUANTITY.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            return Optional.empty();
        }
        BigDecimal value = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        return value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? Optional.empty()
                : Optional.of(value.longValue());
    }

    /** A duration as the file has it, in the largest unit that is exact. */
    static String format(Duration duration) {
        for (String unit : List.of("d", "h", "m", "s", "ms", "us")) {
            long unitNs = NANOSECONDS.getOrDefault(unit, 1L);
            if (duration.toNanos() != 0 && duration.toNanos() % unitNs == 0) {
                return "\"" + duration.toNanos() / unitNs + unit + "\"";
            }
        }
        return "\"" + duration.toNanos() / 1_000_000_000 + "s\"";
    }

    /** A constant of an enum, lower case in the file, {@code _} written as {@code -}. */
    static <E extends Enum<E>> ValueType<E> constant(Class<E> type) {
        List<String> names = Arrays.stream(type.getEnumConstants()).map(ValueTypes::nameOf).toList();
        return text(text -> {
            for (E constant : type.getEnumConstants()) {
                if (nameOf(constant).equals(text)) {
                    return constant;
                }
            }
            throw new BadValue(Literals.quote(text) + " is unknown, " + oneOf(names) + " expected");
        }, type.getEnumConstants()[0], oneOf(names));
    }

    /** The name of a constant in the file. */
    static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String oneOf(List<String> names) {
        return names.stream().map(Literals::quote).reduce((one, two) -> one + " | " + two).orElse("");
    }

    /** An IPv4 or IPv6 address. */
    static ValueType<InetAddress> address() {
        return text(text -> IpAddresses.parse(text)
                .orElseThrow(
                        () -> new BadValue(Literals.quote(text) + " is no address, an IPv4 or IPv6 address expected")),
                IpAddresses.ofInt(0), "an IPv4 or IPv6 address");
    }

    /** An IPv4 address that one host can have. */
    static ValueType<Inet4Address> ipv4Address() {
        return text(text -> {
            Inet4Address address = IpAddresses.parseIpv4(text)
                    .orElseThrow(() -> new BadValue(Literals.quote(text) + " is no address, an IPv4 address expected"));
            if (isReserved(IpPrefix.ofHost(address))) {
                throw new BadValue(Literals.quote(text) + " is no address of a host, an IPv4 unicast address expected");
            }
            return address;
        }, IpAddresses.ofInt(0), "an IPv4 address");
    }

    /** Whether no host can have an address of the prefix: unspecified, loopback, multicast, reserved, link-local IPv6. */
    private static boolean isReserved(IpPrefix prefix) {
        return RESERVED.stream()
                .anyMatch(reserved -> reserved.isIpv4() == prefix.isIpv4() && reserved.overlaps(prefix));
    }

    /** A prefix of one family whose addresses hosts can have. */
    static ValueType<IpPrefix> unicastPrefix(boolean ipv4) {
        ValueType<IpPrefix> any = prefix(ipv4);
        return text(text -> {
            IpPrefix prefix = any.read(text, Place.nowhere());
            if (isReserved(prefix)) {
                throw new BadValue(prefix + " has addresses that no host can have, a unicast prefix expected");
            }
            return prefix;
        }, any.placeholder(), any.description());
    }

    /** An IPv4 or IPv6 prefix. */
    static ValueType<IpPrefix> prefix() {
        return text(ValueTypes::prefixOf, new IpPrefix(IpAddresses.ofInt(0), 0), "a prefix such as \"192.0.2.0/24\"");
    }

    /** A prefix of one family. */
    static ValueType<IpPrefix> prefix(boolean ipv4) {
        String family = ipv4 ? "IPv4" : "IPv6";
        return text(text -> {
            IpPrefix prefix = prefixOf(text);
            if (prefix.isIpv4() != ipv4) {
                throw new BadValue(Literals.quote(text) + " is of the other family, an " + family + " prefix expected");
            }
            return prefix;
        }, IpPrefix.ofHost(IpAddresses.ofBytes(new byte[ipv4 ? 4 : 16])), "an " + family + " prefix");
    }

    private static IpPrefix prefixOf(String text) throws BadValue {
        try {
            return IpPrefix.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new BadValue(String.valueOf(wrong.getMessage()));
        }
    }

    /** An address with a port. */
    static ValueType<InetSocketAddress> socketAddress() {
        return text(ValueTypes::socketAddressOf, new InetSocketAddress(0), "ADDRESS:PORT, an IPv6 address in brackets");
    }

    private static InetSocketAddress socketAddressOf(String text) throws BadValue {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        String host = colon < 0 ? text : text.substring(0, colon);
        boolean complete = bracketed ? !text.endsWith("]") : text.indexOf(':') == colon;
        if (!complete || colon < 0) {
            throw new BadValue(
                    Literals.quote(text) + " has no port, ADDRESS:PORT expected, an IPv6 address in brackets");
        }
        Optional<InetAddress> address = IpAddresses
                .parse(bracketed ? host.substring(1, Math.max(1, host.length() - 1)) : host);
        String port = text.substring(colon + 1);
        boolean validPort = !port.isEmpty() && port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(port) <= 65535
                && Integer.parseInt(port) > 0;
        if (address.isEmpty() || bracketed != host.endsWith("]")) {
            throw new BadValue(
                    Literals.quote(text) + " has no valid address, ADDRESS:PORT expected, an IPv6 address in brackets");
        }
        if (!validPort) {
            throw new BadValue(Literals.quote(text) + " has no valid port, 1 to 65535 expected");
        }
        return new InetSocketAddress(address.get(), Integer.parseInt(port));
    }

    /** An array of values of one type. */
    static <T> ValueType<List<T>> list(ValueType<T> element) {
        return new ListType<>(element, 0, Integer.MAX_VALUE);
    }

    /** An array with so many values at most. */
    static <T> ValueType<List<T>> shortList(ValueType<T> element, int most) {
        return new ListType<>(element, 0, most);
    }

    /** An array with at least one value. */
    static <T> ValueType<List<T>> nonEmptyList(ValueType<T> element) {
        return new ListType<>(element, 1, Integer.MAX_VALUE);
    }

    private record ListType<T>(ValueType<T> element, int minimum, int maximum) implements ValueType<List<T>> {
        @Override
        public List<T> read(Object raw, Place place) throws BadValue {
            if (!(raw instanceof TomlArray array)) {
                throw new BadValue(kind(raw) + " " + Literals.write(raw) + ", " + description() + " expected: ["
                        + Literals.write(raw) + "]");
            }
            if (array.size() < minimum) {
                throw new BadValue("the array is empty, at least one value expected: " + element.description());
            }
            if (array.size() > maximum) {
                throw new BadValue("the array has " + array.size() + " values, at most " + maximum + " expected");
            }
            List<T> values = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                readElement(array, i, place, values);
            }
            return List.copyOf(values);
        }

        private void readElement(TomlArray array, int i, Place place, List<T> into) {
            Place at = place.at(array.inputPositionOf(i));
            try {
                T value = element.read(array.get(i), at);
                if (into.contains(value)) {
                    at.error(Literals.write(array.get(i)) + " stands in the array twice, once expected");
                }
                into.add(value);
            } catch (BadValue bad) {
                at.error(String.valueOf(bad.getMessage()));
            }
        }

        @Override
        public List<T> placeholder() { return List.of(); }

        @Override
        public String description() { return "an array, each value " + element.description(); }
    }

    /** An inline table. */
    static <T> ValueType<T> table(List<Key<?>> keys, Function<TableReader, T> reader) {
        return new TableType<>(keys, reader);
    }

    record TableType<T>(List<Key<?>> keys, Function<TableReader, T> reader) implements ValueType<T> {
        @Override
        public T read(Object raw, Place place) throws BadValue {
            if (raw instanceof TomlTable table) {
                return reader.apply(TableReader.inline(table, place, keys));
            }
            throw new BadValue(kind(raw) + " " + Literals.write(raw) + ", " + description() + " expected");
        }

        @Override
        public T placeholder() { return reader.apply(TableReader.inline(Toml.parse(""), Place.nowhere(), keys)); }

        @Override
        public String description() {
            return "an inline table { "
                    + keys.stream().map(key -> key.name() + " = " + key.literal())
                            .reduce((one, two) -> one + ", " + two).orElse("")
                    + " }";
        }
    }

    /** What a value is, for people. */
    static String kind(Object raw) {
        return switch (raw) {
            case String _ -> "string";
            case Long _ -> "integer";
            case Double _ -> "float";
            case Boolean _ -> "boolean";
            case TomlArray _ -> "array";
            case TomlTable _ -> "table";
            default -> "date or time";
        };
    }
}

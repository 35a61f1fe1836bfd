package org.lnsd.cli.l2tpns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.ConfigurationLoader;
import org.lnsd.daemon.config.LoadedConfiguration;
import org.lnsd.daemon.filter.CompiledFilter;
import org.lnsd.daemon.filter.FilterRule;
import org.lnsd.daemon.filter.PacketFields;
import org.lnsd.tun.Memory;

/** Access lists of l2tpns decide as filters what they decided there: compared with a reading of the same text of its own. */
class AccessListDecisionTest {
    private static final int PACKETS = 10_000;
    private static final int TCP = 6;
    private static final int UDP = 17;

    @TempDir
    Path folder = Path.of("");

    /** A packet as the plain reading sees it. */
    private record Packet(int protocol, int source, int destination, int sourcePort, int destinationPort, int flags,
            boolean laterFragment) {
        static Packet random(Random random) {
            int[] ports = {24, 25, 53, 134, 135, 139, 140, 1023, 1024, 4000};
            return new Packet(new int[]{1, TCP, UDP}[random.nextInt(3)], 0x0A400000 + random.nextInt(16),
                    0x0A400000 + random.nextInt(16) + (random.nextBoolean() ? 0x10000 : 0),
                    ports[random.nextInt(ports.length)], ports[random.nextInt(ports.length)], random.nextInt(64),
                    random.nextInt(6) == 0);
        }

        void write(long memory) {
            Memory.fill(memory, 60, 0);
            Memory.putShortBe(memory, 0x4500);
            Memory.putShortBe(memory + 2, 60);
            Memory.putShortBe(memory + 6, laterFragment ? 100 : 0);
            Memory.putShortBe(memory + 8, 64 << 8 | protocol);
            Memory.putIntBe(memory + 12, source);
            Memory.putIntBe(memory + 16, destination);
            Memory.putShortBe(memory + 20, sourcePort);
            Memory.putShortBe(memory + 22, destinationPort);
            Memory.putShortBe(memory + 32, 0x5000 | flags);
        }
    }

    private static final class Words {
        private final List<String> left;

        Words(String text) { left = new ArrayList<>(Arrays.asList(text.strip().split("\\s+", -1))); }

        String next() { return left.removeFirst(); }

        boolean has(String word) { return !left.isEmpty() && left.getFirst().equals(word); }

        boolean isEmpty() { return left.isEmpty(); }

        boolean hasPorts() { return has("eq") || has("neq") || has("gt") || has("lt") || has("range"); }
    }

    private static int address(String text) {
        int bits = 0;
        for (String part : text.split("\\.", -1)) {
            bits = bits << 8 | Integer.parseInt(part);
        }
        return bits;
    }

    private static boolean matchesAddress(Words words, int address) {
        String word = words.next();
        return switch (word) {
            case "any" -> true;
            case "host" -> address(words.next()) == address;
            default -> ((address(word) ^ address) & ~address(words.next())) == 0;
        };
    }

    private static boolean matchesPort(Words words, int port) {
        String operator = words.next();
        int value = Integer.parseInt(words.next());
        return switch (operator) {
            case "eq" -> port == value;
            case "neq" -> port != value;
            case "gt" -> port > value;
            case "lt" -> port < value;
            default -> port >= value && port <= Integer.parseInt(words.next());
        };
    }

    private static boolean matchesFlags(Words words, int flags) {
        String kind = words.next();
        if (kind.equals("established")) {
            return (flags & 0x14) != 0;
        }
        boolean any = false;
        boolean all = true;
        while (!words.isEmpty()) {
            String word = words.next();
            int bit = 1 << List.of("fin", "syn", "rst", "psh", "ack", "urg").indexOf(word.substring(1));
            boolean holds = (flags & bit) != 0 == word.startsWith("+");
            any |= holds;
            all &= holds;
        }
        return kind.equals("match-all") ? all : any;
    }

    /** Whether the rule is about the packet; a later fragment has neither ports nor flags, passes a permit of them and not a deny. */
    private static boolean matches(Words words, boolean extended, boolean permit, Packet packet) {
        String protocol = extended ? words.next() : "ip";
        boolean matches = protocol.equals("ip") || packet.protocol() == (protocol.equals("tcp") ? TCP : UDP);
        boolean transport = true;
        boolean asksTransport = false;
        matches &= matchesAddress(words, packet.source());
        if (words.hasPorts()) {
            asksTransport = true;
            transport &= matchesPort(words, packet.sourcePort());
        }
        matches &= words.isEmpty() || matchesAddress(words, packet.destination());
        if (words.hasPorts()) {
            asksTransport = true;
            transport &= matchesPort(words, packet.destinationPort());
        }
        if (words.has("fragments")) {
            return matches && packet.laterFragment();
        }
        if (!words.isEmpty()) {
            asksTransport = true;
            transport &= matchesFlags(words, packet.flags());
        }
        return matches && (asksTransport && packet.laterFragment() ? permit : transport);
    }

    private static boolean permits(List<String> rules, boolean extended, Packet packet) {
        for (String rule : rules) {
            Words words = new Words(rule);
            boolean permit = words.next().equals("permit");
            if (matches(words, extended, permit, packet)) {
                return permit;
            }
        }
        return false;
    }

    private static List<String> rules(String text, String heading) {
        return text.lines().dropWhile(line -> !line.equals(heading)).skip(1).takeWhile(line -> line.startsWith(" "))
                .toList();
    }

    private static String accessLists() throws IOException {
        try (InputStream resource = Objects
                .requireNonNull(AccessListDecisionTest.class.getResourceAsStream("access-lists"))) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private List<FilterRule> imported(String name) throws IOException {
        Files.writeString(folder.resolve("startup-config"), accessLists());
        ByteArrayOutputStream toml = new ByteArrayOutputStream();
        int code = ImportCommand.run(List.of("import", "l2tpns", folder.toString()),
                new PrintStream(toml, true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        assertThat(code).isZero();
        return switch (ConfigurationLoader.parse("lnsd.toml", toml.toString(StandardCharsets.UTF_8))) {
            case LoadedConfiguration.Valid(Configuration valid) -> valid.filters().stream()
                    .filter(filter -> filter.name().equals(name)).findFirst().orElseThrow().rules();
            case LoadedConfiguration.Invalid invalid -> throw new AssertionError(invalid.errors());
        };
    }

    private void assertSame(String name, boolean extended, long seed) throws IOException {
        List<String> lines = rules(accessLists(), "ip access-list " + (extended ? "extended " : "standard ") + name);
        CompiledFilter filter = new CompiledFilter(name, imported(name), 1);
        PacketFields fields = new PacketFields();
        Random random = new Random(seed);
        long memory = Memory.map(4096);
        int permitted = 0;
        for (int i = 0; i < PACKETS; i++) {
            Packet packet = Packet.random(random);
            packet.write(memory);
            boolean expected = permits(lines, extended, packet);
            assertThat(fields.read(memory, 60) && filter.permits(fields, 0)).as("seed %d, %s", seed, packet)
                    .isEqualTo(expected);
            permitted += expected ? 1 : 0;
        }
        assertThat(permitted).as("some of each").isBetween(PACKETS / 20, PACKETS * 19 / 20);
        Memory.unmap(memory);
    }

    @Test
    void extendedListsDecideAsInL2tpns() throws IOException { assertSame("subscriber", true, 9); }

    @Test
    void standardListsDecideAsInL2tpns() throws IOException { assertSame("hosts", false, 10); }
}

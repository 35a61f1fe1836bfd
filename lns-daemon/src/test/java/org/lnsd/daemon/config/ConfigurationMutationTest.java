package org.lnsd.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damaged configuration files: valid or with errors that have a place, and nothing thrown. Reading one takes long, so they are few. */
class ConfigurationMutationTest {
    private static final int MUTATIONS = Integer.getInteger("lnsd.configuration-mutations", 1_000);
    private static final List<String> WORDS = List.of("\"", "[", "]", "=", "\n", "{", "}", "#", "-1", "1e9", "0x",
            "\"\"",
            "'", "\"0.0.0.0/0\"", "\"::/0\"", "\"99999d\"", "[[user]]\n", "true", "\u0000", "\ufeff", "\\u12", "\"\"\"",
            "9223372036854775808", "nan", "1979-05-27", "[l2tp]\n", "secret = \"x\"\n");
    private static final String EXAMPLE = ConfigurationLoaderTest.EXAMPLE + """
            [[l2tp.peer]]
            name = "wholesale-b"
            address = ["198.51.100.0/24"]
            mru = 1492
            [[filter]]
            name = "no-smtp"
            rules = ["deny tcp any any eq 25", "permit any"]
            """;
    private static final List<String> TABLES = List.of(EXAMPLE.split("(?m)^(?=\\[)"));

    @Test
    void anyTextIsAConfigurationOrHasErrors() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        long refused = 0;
        long startNs = System.nanoTime();
        for (int run = 0; run < MUTATIONS; run++) {
            String text = mutate(random);
            try {
                LoadedConfiguration loaded = ConfigurationLoader.parse("lnsd.toml", text);
                refused += loaded instanceof LoadedConfiguration.Valid ? 0 : 1;
            } catch (RuntimeException thrown) {
                throw new AssertionError("seed " + seed + " text\n" + text, thrown);
            }
        }
        System.out.printf("configuration: %d mutations in %.1f s, %d refused, seed %d%n", MUTATIONS,
                (System.nanoTime() - startNs) / 1e9, refused, seed);
        assertThat(refused).isPositive();
    }

    /** The parser fails at this line, found by mutations, instead of telling what is wrong with it. */
    @Test
    void whatDefeatsTheParserIsAnErrorOfItsLine() {
        String text = EXAMPLE.replace("::/36\", length =", "::/36\"9223372036854775808, length #=");
        LoadedConfiguration loaded = ConfigurationLoader.parse("lnsd.toml", text);
        int line = (int) EXAMPLE.lines().takeWhile(l -> !l.startsWith("ipv6-delegated")).count() + 1;
        assertThat(loaded).isInstanceOfSatisfying(LoadedConfiguration.Invalid.class,
                invalid -> assertThat(invalid.errors()).singleElement().satisfies(error -> {
                    assertThat(error.line()).as("where the parser gives up").isBetween(line, line + 1);
                    assertThat(error.text()).contains("TOML 1.0 expected");
                }));
    }

    /** Mostly a table or two, because the time goes with the length; now and then all. */
    private static String mutate(SplittableRandom random) {
        int first = random.nextInt(TABLES.size());
        int behind = Math.min(TABLES.size(), first + 1 + random.nextInt(2));
        StringBuilder text = new StringBuilder(
                random.nextInt(16) == 0 ? EXAMPLE : String.join("", TABLES.subList(first, behind)));
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(3)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, WORDS.get(random.nextInt(WORDS.size())));
                default -> text.replace(at, end, WORDS.get(random.nextInt(WORDS.size())));
            }
        }
        return text.toString();
    }
}

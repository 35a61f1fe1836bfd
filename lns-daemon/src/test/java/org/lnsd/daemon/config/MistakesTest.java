package org.lnsd.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people get wrong in lnsd.toml: each mistake is one line that says where it is, what is wrong and what is expected. */
class MistakesTest {

    @ParameterizedTest
    @MethodSource("mistakes")
    void eachMistakeIsOneLine(String toml, String error) {
        List<String> errors = errors(
                ConfigurationLoader.parse("lnsd.toml", toml.replace('~', '\n').replace("\\t", "\t")));
        assertThat(errors).hasSize(1);
        if (error.endsWith("...")) {
            assertThat(errors.getFirst()).startsWith("lnsd.toml:" + error.substring(0, error.length() - 3));
        } else {
            assertThat(errors.getFirst()).isEqualTo("lnsd.toml:" + error);
        }
        assertThat(errors.getFirst()).matches("lnsd\\.toml:[0-9]+:[0-9]+: .*")
                .containsAnyOf("expected", "did you mean");
    }

    static Stream<Arguments> mistakes() {
        try (var resource = MistakesTest.class.getResourceAsStream("mistakes.txt")) {
            List<String> lines = new String(resource.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.startsWith("# ")).toList();
            List<Arguments> all = new ArrayList<>();
            for (int i = 0; i + 1 < lines.size(); i += 2) {
                all.add(Arguments.of(lines.get(i), lines.get(i + 1).strip()));
            }
            return all.stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void aFileThatIsNoTextIsOneLine(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("lnsd.toml");
        Files.write(file, new byte[]{'a', '=', '"', (byte) 0xFF, (byte) 0xFE, '"'});
        assertThat(errors(ConfigurationLoader.load(file)))
                .containsExactly(file + ":1:1: the file is not UTF-8, UTF-8 text expected");
        assertThat(errors(ConfigurationLoader.load(folder)))
                .containsExactly(folder + ":1:1: the file is a directory, a file expected");
        Files.writeString(file, "[ppp]\nmru = 15\0 00\n");
        assertThat(errors(ConfigurationLoader.load(file)))
                .containsExactly(file + ":2:9: Unexpected '\\u0000', expected a newline or end-of-input");
    }

    @Test
    void aFileWithoutEndOrWriterIsOneLine(@TempDir Path folder) throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        for (Path endless : List.of(pipe, Path.of("/dev/zero"))) {
            assertThat(errors(ConfigurationLoader.load(endless))).containsExactly(
                    endless + ":1:1: the file is a device, a socket or a pipe, a regular file expected");
            assertThat(errors(ConfigurationLoader.parse("lnsd.toml",
                    "[[user]]\nname = \"a\"\npassword-file = \"" + endless + "\"\n"))).containsExactly("lnsd.toml:3:1: "
                            + "secret file " + endless + " is a device, a socket or a pipe, a regular file expected");
            assertThat(errors(ConfigurationLoader.parse("lnsd.toml", RADSEC.formatted(endless)))).containsExactly(
                    "lnsd.toml:4:1: tls: ca " + endless + " is a device, a socket or a pipe, a regular file expected");
        }
    }

    private static final String RADSEC = """
            [radius]
            [[radius.server]]
            address = "127.0.0.1"
            tls = { ca = "%s" }
            """;

    @Test
    void aFileThatIsTooLargeIsOneLine(@TempDir Path folder) throws IOException {
        Path large = folder.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength((8 << 20) + 1);
        }
        assertThat(errors(ConfigurationLoader.load(large)))
                .containsExactly(large + ":1:1: the file has 8388609 octets, at most 8388608 expected");
        assertThat(errors(ConfigurationLoader.parse("lnsd.toml",
                "[[user]]\nname = \"a\"\npassword-file = \"" + large + "\"\n"))).containsExactly(
                        "lnsd.toml:3:1: secret file " + large + " has 8388609 octets, at most 4096 expected");
        assertThat(errors(ConfigurationLoader.parse("lnsd.toml", RADSEC.formatted(large)))).containsExactly(
                "lnsd.toml:4:1: tls: ca " + large + " has 8388609 octets, at most 2097152 expected");
    }

    @Test
    void nestingWithoutEndIsAnErrorOfItsLine() {
        assertThat(errors(ConfigurationLoader.parse("lnsd.toml", "[ppp]\nmru = " + "[".repeat(50_000) + "\n")))
                .singleElement().asString().startsWith("lnsd.toml:2:");
    }

    @Test
    void whatEditorsOfOtherSystemsDoToAFileIsNoMistake(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("lnsd.toml"), "\uFEFF[ppp]\r\nmru = 1492\r\n");
        assertThat(ConfigurationLoader.load(file)).isInstanceOfSatisfying(LoadedConfiguration.Valid.class,
                valid -> assertThat(valid.configuration().ppp().mru()).isEqualTo(1492));
    }

    @Test
    void theFirstLineOfASecretFileIsTheSecret(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "swordfish\r\n# of the carrier\n");
        String toml = "[[user]]\nname = \"a\"\npassword-file = \"" + secret + "\"\n";
        assertThat(ConfigurationLoader.parse("lnsd.toml", toml)).isInstanceOfSatisfying(LoadedConfiguration.Valid.class,
                valid -> assertThat(valid.configuration().users().getFirst().password().text()).isEqualTo("swordfish"));
        Files.write(secret, new byte[]{(byte) 0xFF, (byte) 0xFE});
        assertThat(errors(ConfigurationLoader.parse("lnsd.toml", toml)))
                .containsExactly("lnsd.toml:3:1: secret file " + secret + " is not UTF-8, UTF-8 text expected");
    }

    private static List<String> errors(LoadedConfiguration loaded) {
        assertThat(loaded).isInstanceOf(LoadedConfiguration.Invalid.class);
        return ((LoadedConfiguration.Invalid) loaded).errors().stream().map(ConfigError::toString).toList();
    }
}

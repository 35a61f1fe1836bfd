package org.lnsd.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

/**
 * The default file and the reference in docs are made from the keys that the parser reads. After a change of a key run this test with
 * {@code LNSD_REFERENCE=write} in the environment and commit what it has written.
 */
class ConfigurationReferenceTest {

    private static final Path DEFAULT_FILE = Path.of("../packaging/src/image/etc/lnsd.toml");
    private static final Path REFERENCE = Path.of("../docs/CONFIGURATION.md");
    private static final String MARK = "<!-- made from the parser's keys; what stands below is checked by the build -->\n";

    @Test
    void theDefaultFileIsThatOfTheParser() throws IOException {
        check(DEFAULT_FILE, ConfigurationReference.defaultFile());
    }

    @Test
    void theReferenceIsThatOfTheParser() throws IOException {
        String text = Files.readString(REFERENCE);
        check(REFERENCE, text.substring(0, text.indexOf(MARK) + MARK.length()) + ConfigurationReference.markdown());
    }

    @Test
    void theDefaultFileGivesTheDefaults() {
        assertThat(valid(ConfigurationReference.defaultFile())).usingRecursiveComparison().ignoringFields("listing")
                .isEqualTo(valid(""));
    }

    @Test
    void theDefaultFileIsRightWithEveryExampleInUse() {
        String everything = Pattern.compile("(?m)^#(?! )").matcher(ConfigurationReference.defaultFile()).replaceAll("")
                .replaceAll("(?m)^(secret|password)-file = .*\n", "")
                .replace("/etc/lnsd/radsec/ca.pem", REFERENCE.toString()) // any file that is there
                .replace("pool = \"wholesale-a\"", "pool = \"default\"").replace("\"...\"", "\"eight or more\"");
        Configuration configuration = valid(everything);
        assertThat(configuration.l2tp().peers()).hasSize(1);
        assertThat(configuration.radius().orElseThrow().dynamicAuthorization()).isPresent();
        assertThat(configuration.snmp()).isPresent();
    }

    private static void check(Path file, String expected) throws IOException {
        if ("write".equals(System.getenv("LNSD_REFERENCE"))) {
            Files.writeString(file, expected);
        }
        assertThat(Files.readString(file)).as("%s is out of date; see this test's comment", file).isEqualTo(expected);
    }

    private static Configuration valid(String toml) {
        return switch (ConfigurationLoader.parse("lnsd.toml", toml)) {
            case LoadedConfiguration.Valid valid -> valid.configuration();
            case LoadedConfiguration.Invalid invalid -> throw new AssertionError(invalid.errors().toString());
        };
    }
}

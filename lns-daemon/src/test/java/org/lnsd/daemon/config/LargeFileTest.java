package org.lnsd.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

/** Files with so many users that they are parsed in parts: everything is as it is in one. */
class LargeFileTest {

    /** Where a table begins cannot be told from a line alone then: nothing is cut. */
    private static final String UNCUT = "# \"\"\"\n";
    private static final int USERS = 3000;

    @Test
    void theConfigurationAndItsListingAreThoseOfTheWhole() {
        String file = file("");
        assertThat(TextPart.of(file)).hasSizeGreaterThan(2);
        assertThat(TextPart.of(file + UNCUT)).hasSize(1);
        Configuration parts = valid(file);
        Configuration whole = valid(file + UNCUT);
        assertThat(parts.users()).hasSize(USERS + 1).isEqualTo(whole.users());
        assertThat(parts.pools()).isEqualTo(whole.pools());
        assertThat(parts.radius()).isEqualTo(whole.radius());
        assertThat(parts.listing()).isEqualTo(whole.listing());
        assertThat(parts.listing().toToml()).contains("# line " + lineOf("metric"));
    }

    @Test
    void errorsNameTheLineOfTheFile() {
        String file = file("paswort = \"x\"\n").replace("metric", "metrik");
        assertThat(errors(file)).isEqualTo(errors(file + UNCUT)).hasSize(2)
                .anySatisfy(error -> assertThat(error)
                        .startsWith("lnsd.toml:" + (lineOf("metric") + 1) + ":1: unknown key"))
                .anySatisfy(error -> assertThat(error).contains("unknown key \"paswort\" in [[user]]"));
        String twice = file("").replace("u2999@", "u7@");
        assertThat(errors(twice)).isEqualTo(errors(twice + UNCUT)).hasSize(1);
        String broken = file("").replace("name = \"u2500@", "name = \"\\q2500@");
        assertThat(errors(broken)).isEqualTo(errors(broken + UNCUT)).hasSize(1);
        assertThat(errors("= 1\n" + file(""))).isEqualTo(errors("= 1\n" + file("") + UNCUT));
    }

    @Test
    void usersInAnotherFormAreKeptInOrder() {
        String file = file("").replace("[[user]]\nname = \"u1000@", "[[ user ]]\nname = \"u1000@");
        assertThat(valid(file).users()).isEqualTo(valid(file("")).users());
    }

    /** Tables of other kinds stand before, among and behind the users. */
    private static String file(String last) {
        StringBuilder text = new StringBuilder("[[l2tp.peer]]\nname = \"any\"\naddress = [\"192.0.2.0/24\"]\n");
        for (int i = 0; i < USERS; i++) {
            text.append("[[user]]\nname = \"u").append(i).append("@example.net\"\npassword = \"").append("p".repeat(40))
                    .append("\" # [[user]]\n");
            if (i == USERS / 2) {
                text.append("  [[pool]]\nname = \"default\"\nipv4 = [\n\"100.64.0.0/18\"]\n");
            }
        }
        return text.append("[radius]\ntimeout = \"3s\"\n[[radius.server]]\naddress = \"127.0.0.1\"\nsecret = \"s\"\n")
                .append("[[user]]\nname = \"last\"\npassword = \"x\"\n").append(last)
                .append("[tun]\nroute-metric = 7\n").toString();
    }

    private static int lineOf(String word) {
        List<String> lines = file("").lines().toList();
        int line = 1;
        while (!lines.get(line - 1).contains(word)) {
            line++;
        }
        return line;
    }

    private static Configuration valid(String toml) {
        assertThat(ConfigurationLoader.parse("lnsd.toml", toml)).isInstanceOf(LoadedConfiguration.Valid.class);
        return ((LoadedConfiguration.Valid) ConfigurationLoader.parse("lnsd.toml", toml)).configuration();
    }

    private static List<String> errors(String toml) {
        return ConfigurationLoader.parse("lnsd.toml",
                toml) instanceof LoadedConfiguration.Invalid(List<ConfigError> errors)
                        ? errors.stream().map(ConfigError::toString).toList()
                        : List.of();
    }
}

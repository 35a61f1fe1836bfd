package org.lnsd.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationLoaderTest {

    static final String EXAMPLE = """
            [node]
            name = "lns1"
            [l2tp]
            listen = ["0.0.0.0:1701", "[::]:1701"]
            hello-interval = "30s"
            retransmit = { initial = "500ms", attempts = 7 }
            [[l2tp.peer]]
            name = "wholesale-a"
            address = ["192.0.2.0/24", "2001:db8:1::/48"]
            hostname = "lac-*"
            secret = "swordfish"
            [ppp]
            authentication = ["mschapv2", "chap"]
            dns = ["9.9.9.9", "2620:fe::fe"]
            address = "100.64.0.1"
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/18"]
            ipv6-prefix = "2001:db8:100::/40"
            ipv6-delegated = { prefix = "2001:db8:4000::/36", length = 56 }
            [[user]]
            name = "alice@example.net"
            password = "wonderland"
            ipv4 = "203.0.113.7"
            rate-down = "20Mbit/s"
            [radius]
            timeout = "2s"
            [[radius.server]]
            address = "127.0.0.1"
            secret = "testing123"
            [radius.dynamic-authorization]
            secret = "x"
            """;

    @Test
    void filtersAreReadAndTheirErrorsHaveAPlace() {
        Configuration configuration = valid("""
                [[filter]]
                name = "no-smtp"
                rules = ["deny tcp any any eq 25", "permit any"]
                [[user]]
                name = "bob"
                password = "b"
                filter-in = "no-smtp"
                """);
        assertThat(configuration.filters().getFirst().rules()).hasSize(2);
        assertThat(ConfigurationLoader.parse("lnsd.toml", """
                [[filter]]
                name = "no-smtp"
                rules = ["deny tcp any any eq 25",
                  "permit everything"]
                [[user]]
                name = "bob"
                password = "b"
                filter-in = "no-smpt"
                """)).isInstanceOfSatisfying(LoadedConfiguration.Invalid.class, invalid -> {
            assertThat(invalid.errors()).hasSize(2);
            assertThat(invalid.errors().getFirst().toString()).contains("lnsd.toml:4:").contains("everything");
            assertThat(invalid.errors().getLast().toString()).contains("lnsd.toml:8:")
                    .contains("did you mean \"no-smtp\"?");
        });
    }

    @Test
    void aUserMayBeInAGardenAndHaveAVolume() {
        String text = """
                [[filter]]
                name = "parked"
                rules = ["permit udp any any eq 53"]
                [[garden]]
                name = "unpaid"
                filter-in = "parked"
                [[user]]
                name = "bob"
                password = "b"
                garden = "unpaid"
                volume-limit = "50GB"
                """;
        UserConfig bob = valid(text).users().getFirst();
        assertThat(bob.garden()).hasValue("unpaid");
        assertThat(bob.volumeLimitBytes()).hasValue(50_000_000_000L);
        assertThat(errors(text.replace("garden = \"unpaid\"", "garden = \"paid\"")))
                .containsExactly("lnsd.toml:10:1: garden \"paid\" does not exist, did you mean \"unpaid\"?");
    }

    @Test
    void readsEveryTable() {
        Configuration configuration = valid(EXAMPLE);
        assertThat(configuration.node().name()).isEqualTo("lns1");
        assertThat(configuration.l2tp().listen()).hasSize(2);
        assertThat(configuration.l2tp().retransmit())
                .isEqualTo(new RetransmitConfig(Duration.ofMillis(500), Duration.ofSeconds(8), 7));
        assertThat(configuration.l2tp().peers().getFirst().secret()).contains(Secret.of("swordfish"));
        assertThat(configuration.ppp().authentication()).containsExactly(AuthenticationMethod.MSCHAPV2,
                AuthenticationMethod.CHAP);
        assertThat(configuration.ppp().dnsIpv6()).hasSize(1);
        assertThat(configuration.pools().getFirst().ipv6Delegated().orElseThrow().length()).isEqualTo(56);
        assertThat(configuration.users().getFirst().rateDown()).hasValue(new LineRate(20_000_000L, 0));
        assertThat(configuration.radius().orElseThrow().servers().getFirst().name()).isEqualTo("127.0.0.1:1812");
        assertThat(configuration.radius().orElseThrow().dynamicAuthorization().orElseThrow().listen().getPort())
                .isEqualTo(3799);
    }

    @Test
    void givesDefaultsForAnEmptyFile() {
        Configuration configuration = valid("");
        assertThat(configuration.node().name()).isNotEmpty();
        assertThat(configuration.l2tp().helloInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(configuration.radius()).isEmpty();
        assertThat(configuration.metrics().listen()).isPresent();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '`', value = {
            "[ppp]~mru = \"big\" => 2:1: mru: string \"big\", an integer from 576 to 16384 expected",
            "[ppp]~mru = 70000 => 2:1: mru: 70000 is out of range, 576 to 16384 expected",
            "[ppp]~auhtentication = [\"pap\"] => 2:1: unknown key \"auhtentication\" in [ppp], did you mean \"authentication\"?",
            "[pp]~mru = 1500 => 1:1: unknown key \"pp\", did you mean \"ppp\"?",
            "[ppp]~authentication = [\"pap\", \"eap\"] => 2:26: \"eap\" is unknown, \"pap\" | \"chap\" | \"mschapv2\" expected",
            "[l2tp]~hello-interval = \"60\" => 2:1: hello-interval: \"60\" is no duration, a number and a unit (ms, s, m, h, d) expected, such as \"60s\"",
            "[l2tp]~listen = [\"0.0.0.0\"] => 2:11: \"0.0.0.0\" has no port, ADDRESS:PORT expected, an IPv6 address in brackets",
            "[l2tp]~listen = [\"[::1]\"] => 2:11: \"[::1]\" has no port, ADDRESS:PORT expected, an IPv6 address in brackets",
            "[l2tp]~listen = [\"host:1701\"] => 2:11: \"host:1701\" has no valid address, ADDRESS:PORT expected, an IPv6 address in brackets",
            "[l2tp]~listen = [\"1.2.3.4:99999\"] => 2:11: \"1.2.3.4:99999\" has no valid port, 1 to 65535 expected",
            "[[l2tp.peer]]~name = \"a\" => 1:1: key \"address\" is missing, an array, each value a prefix such as \"192.0.2.0/24\" expected",
            "[l2tp]~retransmit = { initial = \"1s\", retries = 5 } => 2:32: unknown key \"retries\", expected one of initial, maximum, attempts",
            "[l2tp]~retransmit = { initial = \"9s\" } => 2:16: initial \"9s\" is longer than maximum \"8s\", at most that expected",
            "[[pool]]~name = \"a\"~ipv4 = [\"10.0.0.1/24\"] => 3:9: prefix 10.0.0.1/24 has bits set behind its length, 10.0.0.0/24 expected",
            "[[pool]]~name = \"a\"~ipv4 = [\"10.0.0.0/33\"] => 3:9: prefix length 33 of 10.0.0.0, 0 to 32 expected",
            "[[pool]]~name = \"a\"~ipv4 = [\"10.0.0.0/8\"]~[[pool]]~name = \"b\"~ipv4 = [\"10.9.0.0/16\"] => 6:1: pool \"b\": 10.9.0.0/16 overlaps 10.0.0.0/8 of pool \"a\" (line 3), disjoint ranges expected",
            "[[pool]]~name = \"a\"~ipv6-delegated = { prefix = \"2001:db8::/48\", length = 40 } => 3:46: length 40 is shorter than that of prefix 2001:db8::/48, 48 to 64 expected",
            "[[user]]~name = \"a\"~password = \"b\"~[[user]]~name = \"a\"~password = \"c\" => 5:1: user \"a\" is defined twice, first in line 2, another name expected",
            "[[user]]~name = \"a\"~password = \"b\"~pool = \"gold\" => 4:1: pool \"gold\" does not exist, the name of a [[pool]] expected",
            "[[user]]~name = \"a\" => 1:1: key \"password\" is missing, \"password\" or \"password-file\" expected",
            "[[user]]~name = \"a\"~password = \"b\"~rate-up = \"5Mbps\" => 4:1: rate-up: \"5Mbps\" is no rate, a number and a unit (bit/s, kbit/s, Mbit/s, Gbit/s) expected, such as \"20Mbit/s\"",
            "[radius]~timeout = \"3s\" => 1:1: [radius] has no server, at least one [[radius.server]] expected",
            "[tun]~name = \"much-too-long-name\" => 2:1: name: \"much-too-long-name\" is no device name, 1 to 15 characters without space, /, : and % expected",
            "ppp = 3 => 1:1: [ppp] is integer, a table expected",
            "[ppp]~mru = => 2:6: Unexpected end of input, expected a value",
            "[[user]]~name = \"a\"~password = \"b\"~password-file = \"/x\" => 4:1: both \"password\" and \"password-file\" are given, one of them expected"})
    void saysWhatIsWrongAndWhatIsExpected(String toml, String error) {
        assertThat(errors(toml.replace('~', '\n'))).containsExactly("lnsd.toml:" + error);
    }

    @Test
    void collectsAllErrorsInTheOrderOfTheFile() {
        assertThat(errors("[ppp]\nmru = 1\nipv6 = \"yes\"\n[node]\nnmae = \"x\"\n")).hasSize(3)
                .satisfies(all -> assertThat(all.get(2)).contains("5:1: unknown key \"nmae\""));
    }

    @Test
    void readsSecretsFromFiles(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("alice"), "wonder land\n");
        Configuration configuration = valid("[[user]]\nname = \"alice\"\npassword-file = \"" + secret + "\"\n");
        assertThat(configuration.users().getFirst().password().text()).isEqualTo("wonder land");
    }

    @Test
    void namesAFileThatIsMissing() {
        assertThat(ConfigurationLoader.load(Path.of("/nonexistent/lnsd.toml"))).isInstanceOfSatisfying(
                LoadedConfiguration.Invalid.class,
                invalid -> assertThat(invalid.errors().getFirst().toString())
                        .isEqualTo("/nonexistent/lnsd.toml:1:1: the file does not exist, a readable file expected"));
    }

    @Test
    void listsOriginsAndMasksSecrets() {
        String listing = valid(EXAMPLE).listing().toToml();
        assertThat(listing).contains("name = \"lns1\"").contains("# line 2").contains("mru = 1500")
                .contains("# default")
                .doesNotContain("swordfish").doesNotContain("wonderland").doesNotContain("testing123");
    }

    @Test
    void tellsWhatChanges() {
        Stream<String> changes = valid(EXAMPLE).listing()
                .changesTo(valid(EXAMPLE.replace("swordfish", "marlin").replace("\"30s\"", "\"20s\"")
                        .replace("\"lns1\"", "\"lns2\"")).listing());
        assertThat(changes).containsExactly("node.name: \"lns1\" -> \"lns2\" (needs a restart)",
                "l2tp.hello-interval: \"30s\" -> \"20s\" (for new tunnels and sessions)",
                "l2tp.peer.wholesale-a.secret: \"***\" -> \"***\" (for new tunnels and sessions)");
    }

    private static Configuration valid(String toml) {
        LoadedConfiguration loaded = ConfigurationLoader.parse("lnsd.toml", toml);
        assertThat(loaded).isInstanceOf(LoadedConfiguration.Valid.class);
        return ((LoadedConfiguration.Valid) loaded).configuration();
    }

    private static List<String> errors(String toml) {
        LoadedConfiguration loaded = ConfigurationLoader.parse("lnsd.toml", toml);
        assertThat(loaded).isInstanceOf(LoadedConfiguration.Invalid.class);
        return ((LoadedConfiguration.Invalid) loaded).errors().stream().map(ConfigError::toString).toList();
    }
}

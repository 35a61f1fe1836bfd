package org.lnsd.cli.l2tpns;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lnsd.daemon.config.AuthenticationMethod;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.ConfigurationLoader;
import org.lnsd.daemon.config.DuplicateLogins;
import org.lnsd.daemon.config.LoadedConfiguration;
import org.lnsd.daemon.config.LogLevel;
import org.lnsd.daemon.config.ProxyPolicy;
import org.lnsd.daemon.config.RadiusConfig;
import org.lnsd.daemon.net.IpAddresses;

/** {@code lnsctl import l2tpns}: what lnsd.toml comes of l2tpns's files, and what is said of the rest. */
class ImportTest {

    @TempDir
    Path folder = Path.of("");

    private record Imported(int code, String toml, String remarks) {

        Configuration configuration() {
            return switch (ConfigurationLoader.parse("lnsd.toml", toml)) {
                case LoadedConfiguration.Valid(Configuration valid) -> valid;
                case LoadedConfiguration.Invalid invalid -> throw new AssertionError(invalid.errors() + "\n" + toml);
            };
        }
    }

    private Imported everyVariable() throws IOException {
        try (InputStream resource = Objects.requireNonNull(ImportTest.class.getResourceAsStream("every-variable"))) {
            Files.copy(resource, folder.resolve("startup-config"));
        }
        Files.writeString(folder.resolve("ip_pool"), """
                # subscribers
                10.13.10.5/24
                10.14.0.7
                10.13.10.9
                198.51.100.2:10.15.0.0/16
                203.0.113.1:10.16.0.0/16
                nonsense
                """);
        Files.writeString(folder.resolve("users"), "root:topsecret\nenable:moresecret\n");
        return imported(folder);
    }

    @Test
    void everyVariableOfL2tpnsBecomesAKeyOrARemark() throws IOException {
        Imported imported = everyVariable();
        Configuration made = imported.configuration();
        assertThat(imported.code()).isZero();
        assertThat(imported.toml()).contains("rate-down = \"512kbit/s\"", "rate-up = \"512kbit/s\"");
        assertThat(made.node().name()).isEqualTo("lns1.example.net");
        assertThat(made.l2tp().listen().stream().map(IpAddresses::format)).containsExactly("198.51.100.1:1701",
                "198.51.100.2:1701");
        assertThat(made.l2tp().peers()).hasSize(1);
        assertThat(made.l2tp().peers().getFirst().challenge()).isFalse();
        assertThat(made.ppp().authentication()).containsExactly(AuthenticationMethod.CHAP, AuthenticationMethod.PAP);
        assertThat(made.ppp().mru()).isEqualTo(1418);
        assertThat(made.ppp().echo().interval()).isEqualTo(Duration.ofSeconds(20));
        assertThat(made.ppp().echo().failures()).isEqualTo(5);
        assertThat(made.ppp().duplicateLogins()).isEqualTo(DuplicateLogins.ALLOW);
        assertThat(made.ppp().proxy()).isEqualTo(ProxyPolicy.RENEGOTIATE);
        assertThat(made.ppp().dnsIpv4()).containsExactly(IpAddresses.parseIpv4("192.0.2.53").orElseThrow());
        assertThat(made.ppp().dnsIpv6()).hasSize(2);
        assertThat(made.ppp().multilink()).isTrue();
        assertThat(made.ppp().ipv6()).isTrue();
        assertThat(IpAddresses.format(made.ppp().address())).isEqualTo("10.0.0.1");
        assertThat(made.pools().getFirst().ipv4()).extracting(Object::toString).containsExactly("10.13.10.0/24",
                "10.14.0.7/32", "10.15.0.0/16");
        assertThat(made.tun().name()).isEqualTo("ppp-lns");
        assertThat(made.tun().routeMetric()).isEqualTo(7);
        assertThat(made.forwarding().sourceCheck()).isFalse();
        assertThat(made.log().level()).isEqualTo(LogLevel.DEBUG);
    }

    @Test
    void carriesTheRadiusServersOver() throws IOException {
        RadiusConfig radius = everyVariable().configuration().radius().orElseThrow();
        assertThat(radius.accounting()).isTrue();
        assertThat(radius.interimInterval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(radius.servers()).extracting(server -> IpAddresses.format(server.address()) + " "
                + server.authenticationPort() + " " + server.accountingPort() + " " + server.stripRealm())
                .containsExactly("192.0.2.10 1645 1646 true", "192.0.2.11 1812 1813 true");
        assertThat(radius.servers().getFirst().secret().bytes()).isEqualTo("radius secret".getBytes(UTF_8));
        assertThat(radius.dynamicAuthorization().orElseThrow().listen().getPort()).isEqualTo(3800);
        assertThat(radius.dynamicAuthorization().orElseThrow().clients()).hasSize(2);
    }

    @Test
    void makesFiltersOfAccessLists() throws IOException {
        Imported imported = everyVariable();
        assertThat(imported.configuration().filters()).extracting(filter -> filter.name() + filter.rules())
                .containsExactly("no-smtp[deny tcp any host 192.0.2.25 established, "
                        + "deny tcp any 192.0.2.0 0.0.0.255 eq 25, deny udp host 10.0.0.9 range 1 5 any neq 6, "
                        + "deny tcp any any match-any +syn -ack, deny ip any any fragments, permit ip any any]",
                        "inside[permit 10.0.0.0 0.255.255.255, permit host 192.0.2.9 any]");
        assertThat(imported.remarks()).contains("deny tcp any any smell: this rule is missing in [[filter]] no-smtp");
    }

    @Test
    void saysOfEachLineWhyItIsNotCarriedOver() throws IOException {
        Imported imported = everyVariable();
        assertThat(imported.remarks()).contains("set throttle_buckets 3000: token buckets need no allotment",
                "set colour blue: not understood", "set ppp_restart_time soon: not understood",
                "load plugin sessionctl: built in", "load plugin garden: ",
                "setforward /friend@example.org 192.0.2.77 1701 ***: ", "router bgp 64512: BGP is BIRD's",
                "neighbour 192.0.2.1 timers 30 120: BGP", "ip_pool:4: 10.13.10.9: is part of another range",
                "ip_pool:6: 203.0.113.1:10.16.0.0/16: a range for another address", "ip_pool:7: nonsense: no address",
                "users:1: root: a login of the telnet CLI", "set cluster_port 32792: there is no cluster");
        assertThat(imported.remarks().lines().filter(line -> line.contains("not understood"))).hasSize(2);
        assertThat(imported.remarks() + imported.toml()).doesNotContain("topsecret", "moresecret", "forwardsecret");
        assertThat(imported.toml().lines().filter(line -> line.startsWith("# - ")))
                .hasSize((int) imported.remarks().lines().count());
    }

    @Test
    void aValueThatLnsdRefusesIsLeftOutWithAWordWhy() throws IOException {
        Path file = Files.writeString(folder.resolve("other"),
                "set radius_authtypes \"eap\"\nset ppp_max_configure 70000000\n");
        Imported imported = imported(file);
        assertThat(imported.configuration().ppp().maximumConfigure()).isEqualTo(10);
        assertThat(imported.remarks()).contains("\"authentication = [\"eap\"]\" is left out, lnsd refuses it: ");
    }

    @Test
    void anEmptyConfigurationIsEnough() throws IOException {
        assertThat(imported(Files.writeString(folder.resolve("empty"), "")).configuration().ppp().authentication())
                .containsExactly(AuthenticationMethod.PAP);
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(imported(folder.resolve("none"))).satisfies(answer -> {
            assertThat(answer.code()).isEqualTo(1);
            assertThat(answer.remarks()).contains("cannot read ", "none");
        });
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        assertThat(ImportCommand.run(List.of("import", "bananas", "x"), nowhere, nowhere)).isEqualTo(2);
    }

    /** The file that the Debian package l2tpns installs. */
    @Test
    @Tag("system")
    void takesTheConfigurationThatL2tpnsComesWith() {
        Configuration made = imported(Path.of("/etc/l2tpns")).configuration();
        assertThat(made.radius().orElseThrow().servers()).hasSize(1);
        assertThat(made.ppp().dnsIpv4()).hasSize(2);
        assertThat(made.pools().getFirst().ipv4()).hasSize(2);
    }

    private static Imported imported(Path file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        PrintStream outStream = new PrintStream(out, true, UTF_8);
        int code = ImportCommand.run(List.of("import", "l2tpns", file.toString()), outStream,
                new PrintStream(error, true, UTF_8));
        return new Imported(code, out.toString(UTF_8), error.toString(UTF_8));
    }
}

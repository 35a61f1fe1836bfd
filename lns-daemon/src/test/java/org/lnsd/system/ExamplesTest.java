package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The other examples of the package, each judged by the program that it is for. */
@Tag("system")
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("../packaging/examples").toAbsolutePath().normalize();

    private final AtomicInteger namespaces = new AtomicInteger();

    @Test
    void nftablesRulesLetListedLacsInAndNobodyElse() {
        try (Site site = new Site(namespaces, "examples-nftables")) {
            NetNamespace lac = site.lac();
            site.lns().must("nft", "-f", EXAMPLES.resolve("nftables/lnsd.nft").toString());
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), """
                    [[l2tp.peer]]
                    name = "any"
                    address = ["0.0.0.0/0"]
                    [[pool]]
                    name = "default"
                    ipv4 = ["100.64.0.0/24"]
                    [[user]]
                    name = "alice@example.net"
                    password = "wonderland"
                    """));
            new Emulator(site, lac, "lac", "--user", "alice@example.net");
            Awaitility.await("the rules drop what is not listed")
                    .atMost(60, TimeUnit.SECONDS).until(() -> dropped(site) > 0);
            assertThat(lnsd.tunnels()).isEmpty();
            site.lns().must("nft", "add", "element", "inet", "lnsd", "lacs4", "{ 172.30.0.0/24 }");
            lnsd.awaitOpen(1);
        }
    }

    private static int dropped(Site site) {
        Matcher counter = Pattern.compile("counter packets (\\d+)")
                .matcher(site.lns().must("nft", "list", "chain", "inet", "lnsd", "tunnels"));
        return counter.find() ? Integer.parseInt(counter.group(1)) : 0;
    }

    @Test
    void prometheusTakesTheAlertRules() {
        Commands.Result result = Commands.run(List.of("promtool", "check", "rules",
                EXAMPLES.resolve("prometheus/lnsd.rules.yml").toString()));
        assertThat(result.output()).contains("SUCCESS");
        assertThat(result.exit()).isZero();
    }

    @Test
    void keepalivedTakesItsConfiguration() throws Exception {
        try (Site site = new Site(namespaces, "examples-keepalived")) {
            site.lns().must("ip", "link", "set", "core0", "name", "eth0");
            // The user of the Debian package is not on every machine, and the script must be there and executable.
            Path configuration = site.folder("keepalived").resolve("keepalived.conf");
            Commands.write(configuration, Files.readString(EXAMPLES.resolve("keepalived/keepalived.conf"))
                    .replace("user lnsd", "user nobody").replace("/usr/bin/lnsctl", "/bin/true"));
            Commands.Result result = site.lns().run("keepalived", "-t", "-f", configuration.toString());
            assertThat(result.output()).isEmpty();
            // keepalived 2.2 ends its own process with TERM once it has found nothing to say.
            assertThat(result.exit()).isIn(0, 143);
        }
    }

    @Test
    void grafanaDashboardIsJsonWithPanels() throws Exception {
        Object dashboard = Json.read(Files.readString(EXAMPLES.resolve("grafana/lnsd.json")));
        assertThat(Json.objects(Json.object(dashboard).get("panels"))).isNotEmpty()
                .allSatisfy(panel -> assertThat(panel).containsKeys("title", "type", "targets"));
    }
}

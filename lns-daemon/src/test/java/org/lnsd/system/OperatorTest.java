package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What operators and their monitoring see of a daemon with twelve lines: net-snmp's programs and promtool ask it. */
@Tag("system")
@TestMethodOrder(OrderAnnotation.class)
class OperatorTest {

    private static final List<String> L2TPNS_COMMANDS = List.of("show banana", "show bgp", "show cluster",
            "show ipcache", "show plugins", "show pool", "show radius", "show running-config", "show remotelns-conf",
            "show session", "show tbf", "show throttle", "show tunnels", "show users", "show version",
            "show access-list", "show histogram idle", "show histogram open", "show counters", "clear counters",
            "uptime", "shutdown", "reload", "write memory", "write terminal", "snoop", "no snoop", "throttle",
            "no throttle", "filter", "no filter", "debug", "no debug", "suspend bgp", "no suspend bgp", "restart bgp",
            "drop user", "drop tunnel", "drop session", "configure terminal", "enable", "disable", "exit", "quit",
            "logout", "history", "help", "set VAR VALUE", "load plugin", "remove plugin", "setforward", "router bgp",
            "neighbour", "ip access-list", "load_plugin", "unload_plugin", "`drop`", "`kill`", "`snoop`", "`unsnoop`",
            "`throttle`", "`unthrottle`", "`garden`", "`ungarden`");

    private static final int SESSIONS = 12;
    private static final int FIRST_INDEX = 0x0100_0000;
    private static final String L2TP = ".1.3.6.1.2.1.10.95";
    private static final List<String> VERSION_3 = List.of("-v3", "-l", "authPriv", "-u", "monitor", "-a", "SHA-256",
            "-A", "first-password", "-x", "AES", "-X", "second-password");

    private static Site site;
    private static Lnsd lnsd;

    @BeforeAll
    static void start() {
        site = new Site(new AtomicInteger(), "operator");
        NetNamespace lac = site.lac();
        lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), """
                [[l2tp.peer]]
                name = "emulator"
                address = ["172.30.0.0/24"]
                secret = "between-us"
                [ppp]
                [[pool]]
                name = "default"
                ipv4 = ["100.64.0.0/18"]
                %s
                [[filter]]
                name = "no-smtp"
                rules = ["deny tcp any any eq 25", "permit any"]
                [[garden]]
                name = "unpaid"
                filter-in = "no-smtp"
                [snmp]
                community = "inside"
                user = "monitor"
                authentication-password = "first-password"
                privacy-password = "second-password"
                """.formatted(users())));
        new Emulator(site, lac, "lac", "--secret", "between-us", "--tunnels", "3", "--sessions",
                String.valueOf(SESSIONS), "--user", "user%d@example.net");
        lnsd.awaitOpen(SESSIONS);
    }

    private static String users() {
        StringBuilder users = new StringBuilder();
        for (int i = 0; i <= SESSIONS; i++) {
            users.append("[[user]]\nname = \"user").append(i).append("@example.net\"\npassword = \"wonderland\"\n");
        }
        return users.toString();
    }

    @AfterAll
    static void stop() { site.close(); }

    /** The values of a column by their index, asked of an agent at this address. */
    private static Map<String, String> column(List<String> credentials, String agent, String object) {
        List<String> command = new ArrayList<>(
                List.of("env", "MIBS=", "snmpbulkwalk", "-t", "10", "-On", "-Oq", "-Oe", "-Oa"));
        command.addAll(credentials);
        command.addAll(List.of(agent, object));
        Map<String, String> values = new HashMap<>();
        site.lns().must(command.toArray(String[]::new)).lines().forEach(line -> {
            String[] parts = line.split(" ", 2);
            values.put(parts[0].substring(object.length() + 1), parts[1].replace("\"", ""));
        });
        return values;
    }

    @Test
    void snmpwalkThroughARealSnmpdTellsWhatLnsctlTells() {
        Path folder = site.folder("snmpd");
        Commands.write(folder.resolve("snmpd.conf"), """
                agentaddress udp:127.0.0.1:1611
                rocommunity outside
                proxy -v 2c -c inside 127.0.0.1:1161 %s
                proxy -v 2c -c inside 127.0.0.1:1161 .1.3.6.1.4.1.8072.9999.9999.1701
                """.formatted(L2TP));
        for (int run = 1; run <= 2; run++) { // a restart of snmpd changes nothing
            Process snmpd = site.lns().start(folder.resolve("snmpd.log"), "env", "MIBS=",
                    "SNMP_PERSISTENT_DIR=" + site.folder("snmpd-state"), "snmpd", "-f", "-Lo", "-C", "-c",
                    folder.resolve("snmpd.conf").toString());
            try {
                Awaitility.await("snmpd answers").atMost(30, TimeUnit.SECONDS).pollInterval(200, TimeUnit.MILLISECONDS)
                        .until(() -> site.lns().run("snmpget", "-v2c", "-c", "outside", "127.0.0.1:1611",
                                ".1.3.6.1.2.1.1.5.0").succeeded());
                compare(List.of("-v2c", "-c", "outside"), "127.0.0.1:1611");
            } finally {
                Commands.end(snmpd);
            }
        }
    }

    @Test
    void answersSnmpVersion3WithAuthenticationAndPrivacyOnly() {
        compare(VERSION_3, "127.0.0.1:1161");
        assertThat(column(VERSION_3, "127.0.0.1:1161", ".1.3.6.1.2.1.2.2.1.8")).hasSize(3).containsValue("1");
        assertThat(site.lns().run("snmpget", "-t", "5", "-v3", "-l", "authNoPriv", "-u", "monitor", "-a", "SHA-256",
                "-A", "first-password", "127.0.0.1:1161", ".1.3.6.1.2.1.1.5.0").output())
                .contains("authorizationError");
        assertThat(site.lns()
                .run("snmpget", "-r", "0", "-t", "3", "-v3", "-l", "authPriv", "-u", "monitor", "-a", "SHA-256",
                        "-A", "wrong-password", "-x", "AES", "-X", "second-password", "127.0.0.1:1161",
                        ".1.3.6.1.2.1.1.5.0")
                .output()).contains("Authentication fail").doesNotContain("lns.test");
    }

    private static void compare(List<String> credentials, String agent) {
        Map<String, String> hosts = column(credentials, agent, L2TP + ".1.5.1.5");
        Map<String, String> remoteIds = column(credentials, agent, L2TP + ".1.5.1.2");
        Map<String, String> active = column(credentials, agent, L2TP + ".1.5.1.26");
        List<Map<String, Object>> tunnels = lnsd.tunnels();
        assertThat(hosts).hasSameSizeAs(tunnels).hasSize(3);
        assertThat(tunnels).allSatisfy(tunnel -> {
            String index = String.valueOf(FIRST_INDEX + (Long) tunnel.get("id"));
            assertThat(hosts.get(index)).isEqualTo(tunnel.get("host-name"));
            assertThat(remoteIds.get(index)).isEqualTo(String.valueOf(tunnel.get("peer-tunnel-id")));
            assertThat(active.get(index)).isEqualTo(String.valueOf(tunnel.get("sessions")));
        });
        Map<String, String> users = column(credentials, agent, L2TP + ".1.7.1.5");
        Map<String, String> remote = column(credentials, agent, L2TP + ".1.7.1.4");
        Map<String, String> states = column(credentials, agent, L2TP + ".1.7.1.6");
        List<Map<String, Object>> sessions = lnsd.sessions();
        assertThat(users).hasSameSizeAs(sessions).hasSize(SESSIONS);
        assertThat(sessions).allSatisfy(session -> {
            String index = FIRST_INDEX + (Long) session.get("tunnel-id") + "." + session.get("session-id");
            assertThat(users.get(index)).isEqualTo(session.get("user"));
            assertThat(remote.get(index)).isEqualTo(String.valueOf(session.get("peer-session-id")));
            assertThat(states.get(index)).isEqualTo("3");
        });
        assertThat(column(credentials, agent, ".1.3.6.1.4.1.8072.9999.9999.1701.1.1.6")).containsEntry("0",
                String.valueOf(SESSIONS));
    }

    @Test
    void promtoolAcceptsTheMetricsOfTheRunningDaemon() {
        Path metrics = site.folder("prometheus").resolve("metrics");
        Commands.write(metrics, site.lns().must("python3", "-c",
                "import urllib.request;print(urllib.request.urlopen('http://127.0.0.1:9701/metrics').read().decode(), end='')"));
        assertThat(Commands.text(metrics)).contains("lnsd_sessions{state=\"open\"} " + SESSIONS);
        Commands.Result checked = Commands.run(List.of("sh", "-c", "promtool check metrics <" + metrics));
        assertThat(checked.exit()).as(checked.output()).isZero();
    }

    @Test
    void theShellCompletesPagesFiltersAndWatchesOnATerminalOf80By24() {
        try (Tmux tmux = new Tmux(site.folder("tmux"), Lnsd.program("lnsctl"), "--socket",
                site.folder("lnsd").resolve("control.sock").toString())) {
            tmux.await("lnsd>");
            tmux.type("show sta", "Tab");
            tmux.await("lnsd> show status");
            tmux.type("Enter");
            tmux.await("state     ready");
            tmux.type("show session user7", "Tab");
            tmux.await("show session user7@example.net");
            tmux.type("Enter");
            tmux.await("--more--");
            tmux.type("q");
            tmux.type("show ", "?");
            tmux.await("The address pools.");
            tmux.type("C-c", "show tunnels | include emulator | count", "Enter");
            tmux.await("\n3\n");
            tmux.type("--watch 1 show tunnels", "Enter");
            tmux.await("every 1 s: show tunnels");
            tmux.await("emulator");
            tmux.type("q");
            tmux.await("lnsd>");
            tmux.type("show top", "Enter");
            tmux.await("every 2 s: show top");
            tmux.await("@example.net");
            tmux.type("q", "exit", "Enter");
            tmux.awaitEnd();
        }
    }

    /** Each command of l2tpns has its row in docs/OPERATIONS.md, and what stands there works. The last: it ends the daemon. */
    @Test
    @Order(Integer.MAX_VALUE)
    void whatReplacesEachCommandOfL2tpnsWorks() {
        List<String> rows = Commands.text(Path.of("../docs/OPERATIONS.md")).lines()
                .dropWhile(line -> !line.startsWith("| l2tpns |")).skip(2).takeWhile(line -> line.startsWith("|"))
                .toList();
        String theirs = String.join("\n", rows.stream().map(row -> row.split(" \\| ", 2)[0]).toList());
        assertThat(theirs).contains(L2TPNS_COMMANDS);
        String session = String.valueOf(lnsd.sessions().getFirst().get("id"));
        for (String row : rows) {
            Matcher ours = Pattern.compile("`lnsctl ([^`]+)`").matcher(row.split(" \\| ", 2)[1]);
            while (ours.find()) {
                String tunnel = String.valueOf(lnsd.tunnels().getFirst().get("id"));
                List<Map<String, Object>> present = lnsd.sessions();
                String user = String.valueOf(present.get(present.size() - 1).get("user"));
                String command = ours.group(1).replace("NAME", user).replace("TID", tunnel).replace("ID", session);
                Commands.Result result = lnsd.control(command.split(" "));
                assertThat(result.exit()).as(row + ": " + command + ": " + result.output()).isZero();
            }
        }
        assertThat(lnsd.awaitExit()).isZero();
    }
}

package org.lnsd.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Starts and ends of the daemon on a system that has not what it needs, and what the rarer keys of the configuration do. */
@Tag("system")
class StartTest {
    private static final String PEER = """
            [[l2tp.peer]]
            name = "any"
            address = ["172.30.0.0/24"]
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/24"]
            [[user]]
            name = "user1@example.net"
            password = "password"
            """;

    private final AtomicInteger namespaces = new AtomicInteger();

    @Test
    void whatIsTakenOrMissingIsNamedInOneLine() {
        try (Site site = new Site(namespaces, "start-refused")) {
            site.lns().must("ip", "link", "add", "lns0", "type", "veth", "peer", "name", "lns9");
            assertRefused(site, "lns0", "");
            site.lns().must("ip", "link", "delete", "lns0");
            assertRefused(site, "/dev/net/tun", "mount -t tmpfs none /dev/net && ");
            Commands.write(site.folder("daemon").resolve("file"), "");
            assertRefused(site, "control socket", "sed -i s,control.sock,file/control.sock, \"$0\" && ");
        }
    }

    private static void assertRefused(Site site, String named, String preparation) {
        Path file = site.folder("daemon").resolve("lnsd.toml");
        Commands.write(file, Lnsd.configured(site.folder("daemon"), PEER));
        Commands.Result result = Commands.run(site.lns().inside(List.of("unshare", "-m", "sh", "-c",
                preparation + "exec " + Lnsd.program("lnsd") + " --config \"$0\"", file.toString())), 40);
        assertThat(result.exit()).as(result.output()).isEqualTo(3);
        assertThat(result.output().lines().filter(line -> !line.contains(" INFO ")).toList()).hasSize(1)
                .allMatch(line -> line.startsWith("lnsd: ") && line.contains(named));
    }

    /** A disk without room costs what would be written there, and no line. */
    @Test
    void aFullDiskStopsNobody() {
        try (Site site = new Site(namespaces, "start-full-disk")) {
            NetNamespace lac = site.lac();
            Path folder = site.folder("daemon");
            Path state = site.folder("daemon/state");
            Path file = folder.resolve("lnsd.toml");
            Commands.write(file, Lnsd.configured(folder, PEER + """
                    [radius]
                    timeout = "200ms"
                    [[radius.server]]
                    address = "127.0.0.1"
                    secret = "nobody listens"
                    """));
            Path log = folder.resolve("lnsd.log");
            Process process = site.lns().start(log, "sh", "-c",
                    "trap '' INT HUP; mount -t tmpfs -o size=64k none " + state
                            + " && { head -c 1000000 /dev/zero > " + state + "/filler || true; } && exec "
                            + Lnsd.program("lnsd") + " --config " + file);
            site.closing(() -> Commands.end(process));
            Awaitility.await("ready, see " + log).atMost(40, TimeUnit.SECONDS)
                    .until(() -> !process.isAlive() || Commands.text(log).contains("INFO  ready "));
            Commands.Result calls = lac.run(Lnsd.program("lnsd-lac"), "--lns", Site.LNS, "--hold", "0");
            assertThat(calls.exit()).as(calls.output() + Commands.text(log)).isZero();
            assertThat(Commands.text(log)).contains("tunnel-notebook class=local").contains("No space left on device")
                    .contains("session-up").doesNotContain("class=bug").doesNotContain("Exception in thread");
            // as of a script that started it with "&", which makes it ignore INT
            Commands.must("kill", "-INT", String.valueOf(process.pid()));
            Awaitility.await("the end").atMost(40, TimeUnit.SECONDS).until(() -> !process.isAlive());
            assertThat(process.exitValue()).isZero();
        }
    }

    /** Whoever comes first while no file descriptor is free is served when one is. */
    @Test
    void withoutDescriptorsNothingIsLostForGood() throws IOException {
        try (Site site = new Site(namespaces, "start-descriptors")) {
            NetNamespace lac = site.lac();
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), PEER));
            String pid = "--pid=" + lnsd.pid();
            Commands.must("prlimit", pid, "--nofile=20:4096");
            Path socket = lnsd.configuration().resolveSibling("control.sock");
            try (SocketChannel first = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                assertThat(first.isConnected()).as("waits in the kernel's queue").isTrue();
                Process metrics = site.lns().start(site.folder("metrics").resolve("log"), "curl", "-s", "-m", "60",
                        "http://127.0.0.1:9701/metrics");
                site.closing(() -> Commands.end(metrics));
                Awaitility.await("both say so").atMost(60, TimeUnit.SECONDS)
                        .until(() -> lnsd.log().contains("accept-failed class=local listener=control")
                                && lnsd.log().contains("accept-failed class=local listener=metrics"));
                Commands.Result calls = lac.run(Lnsd.program("lnsd-lac"), "--lns", Site.LNS, "--hold", "0");
                assertThat(calls.exit()).as(calls.output() + lnsd.log()).isZero();
                Commands.must("prlimit", pid, "--nofile=4096:4096");
                assertThat(Channels.newReader(first, US_ASCII).read()).as("a greeting").isEqualTo('l');
                Awaitility.await("the metrics").atMost(60, TimeUnit.SECONDS).until(() -> !metrics.isAlive());
            }
            assertThat(Commands.text(site.folder("metrics").resolve("log")))
                    .contains("lnsd_accept_failures_total{listener=\"control\"}");
            assertThat(lnsd.control("show", "status").exit()).isZero();
            assertThat(lnsd.log()).doesNotContain("Exception in thread").doesNotContain("class=bug");
            assertThat(lnsd.terminate()).isZero();
        }
    }

    @Test
    void logRoutesAndBuffersAreAsConfigured() {
        try (Site site = new Site(namespaces, "start-keys")) {
            NetNamespace lac = site.lac();
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), PEER + """
                    [tun]
                    route-table = 1000
                    route-metric = 77
                    [forwarding]
                    socket-buffer = 1048576
                    [log]
                    format = "json"
                    pseudonyms = true
                    """));
            new Emulator(site, lac, "lac", "--password", "password", "--calling-number", "0815");
            lnsd.awaitOpen(1);
            Awaitility.await("the route in its table").atMost(40, TimeUnit.SECONDS).until(() -> site.lns()
                    .run("ip", "route", "show", "table", "1000").output()
                    .matches("(?s)100\\.64\\.0\\.2 dev lns0 proto 76 .*metric 77.*"));
            assertThat(site.lns().must("ss", "-lunm", "sport", "=", "1701")).contains("rb2097152");
            assertThat(lnsd.log().lines()).isNotEmpty().allMatch(line -> line.startsWith("{") && line.endsWith("}"));
            assertThat(lnsd.log()).contains("\"event\":\"session-up\"").doesNotContain("user1@").doesNotContain("0815")
                    .doesNotContain("100.64.0.2");
            assertThat(lnsd.control("show", "log").output()).contains("session-up").doesNotContain("user1@");
            assertThat(lnsd.control("show", "sessions").output()).contains("user1@example.net");
            List.of("USR1", "USR2", "ALRM", "PIPE").forEach(lnsd::signal);
            assertThat(lnsd.sessions()).as("other signals mean nothing").hasSize(1);
            lnsd.signal("INT");
            assertThat(lnsd.awaitExit()).isZero();
            assertThat(site.lns().run("ip", "route", "show", "table", "1000").output()).doesNotContain("100.64");
            assertThat(Files.exists(lnsd.configuration().resolveSibling("control.sock"))).isFalse();
        }
    }

    @Test
    void aBrokenFileChangesNothing() {
        try (Site site = new Site(namespaces, "start-reload")) {
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), PEER));
            String good = Commands.text(lnsd.configuration());
            int line = (int) good.lines().count() + 2;
            Commands.write(lnsd.configuration(), good + "[ppp]\nmru = \"big\"\n");
            lnsd.signal("HUP");
            Awaitility.await("the log tells it").atMost(40, TimeUnit.SECONDS)
                    .until(() -> lnsd.log().contains("lnsd.toml:" + line + ":1: mru: string \"big\""));
            Commands.Result refused = lnsd.control("reload");
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.output()).contains("lnsd.toml:" + line + ":1: ").hasLineCount(1);
            assertThat(lnsd.control("show", "status").exit()).isZero();
            assertThat(lnsd.control("show", "configuration").output()).contains("mru = 1500");
            Commands.write(lnsd.configuration(), good + "[ppp]\nmru = 1492\n");
            lnsd.signal("HUP");
            Awaitility.await("the new value").atMost(40, TimeUnit.SECONDS)
                    .until(() -> lnsd.control("show", "configuration").output().contains("mru = 1492"));
        }
    }
}

package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The programs of the image as a script sees them: exit codes and one-line errors. */
@Tag("system")
class LauncherTest {
    private static final String GOOD = """
            [[l2tp.peer]]
            name = "any"
            address = ["0.0.0.0/0"]
            """;

    private final AtomicInteger namespaces = new AtomicInteger();

    @Test
    void checkNamesEveryErrorWithFileLineAndColumn() {
        try (Site site = new Site(namespaces, "launcher-check")) {
            Path good = written(site, "good.toml", GOOD);
            assertThat(lnsd(site, "--config", good.toString(), "--check")).isEqualTo(new Commands.Result(0, ""));

            Path bad = written(site, "bad.toml", GOOD + "[ppp]\nmru = \"big\"\nechoo = 1\n[tun]\nmtu = 99999999\n");
            Commands.Result result = lnsd(site, "--config", bad.toString(), "--check");
            assertThat(result.exit()).isEqualTo(1);
            List<String> lines = result.output().lines().toList();
            assertThat(lines).anyMatch(line -> line.matches(".*/bad\\.toml:\\d+:\\d+: .*mru.*"))
                    .anyMatch(line -> line.matches(".*/bad\\.toml:\\d+:\\d+: .*echo.*"))
                    .anyMatch(line -> line.matches(".*/bad\\.toml:\\d+:\\d+: .*mtu.*"))
                    .allMatch(line -> line.matches(".*/bad\\.toml:\\d+:\\d+: .+"));
            assertThat(lnsd(site, "--config", bad.toString())).isEqualTo(result);
            assertThat(lnsd(site, "--config", "/nonexistent/lnsd.toml").exit()).isEqualTo(1);
        }
    }

    @Test
    void helpVersionAndBadCommandLines() {
        try (Site site = new Site(namespaces, "launcher-words")) {
            assertThat(lnsd(site, "--version").exit()).isZero();
            assertThat(lnsd(site, "--version").output()).contains("0.1.0");
            assertThat(lnsd(site, "--help").output()).contains("--config");
            assertThat(lnsd(site, "--no-such-option").exit()).isEqualTo(2);
            assertThat(lnsd(site).exit()).isEqualTo(2);
            assertThat(site.lns().run(Lnsd.program("lnsctl"), "--socket", "/nonexistent", "show", "status").exit())
                    .isEqualTo(3);
            assertThat(site.lns().run(Lnsd.program("lnsd-lac"), "--help").exit()).isZero();
            assertThat(site.lns().run(Lnsd.program("lnsd-lac"), "--no-such-option").exit()).isEqualTo(2);
        }
    }

    @Test
    void takenPortAndMissingPrivilegeEndWithThreeAndOneLine() {
        try (Site site = new Site(namespaces, "launcher-refused");
                Lnsd first = new Lnsd(site.lns(), site.folder("first"), GOOD)) {
            Path second = written(site, "second.toml", GOOD + "[tun]\nname = \"lns1\"\n");
            Commands.Result taken = lnsd(site, "--config", second.toString());
            assertThat(taken.exit()).as(taken.output()).isEqualTo(3);
            assertThat(errors(taken)).anyMatch(line -> line.contains("1701")).hasSizeLessThanOrEqualTo(1);
            assertThat(first.control("show", "status").exit()).isZero();

            Path third = written(site, "third.toml",
                    GOOD + "[tun]\nname = \"lns2\"\n[l2tp]\nlisten = [\"127.0.0.1:17010\"]\n");
            Commands.Result refused = site.lns().run("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin",
                    "--", Lnsd.program("lnsd"), "--config",
                    third.toString());
            assertThat(refused.exit()).as(refused.output()).isEqualTo(3);
            assertThat(errors(refused))
                    .anyMatch(line -> line.toLowerCase(java.util.Locale.ROOT).contains("cap_net_admin"))
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(first.terminate()).isZero();
            assertThat(first.notified()).contains("READY=1").contains("STOPPING=1");
        }
    }

    /** The whole way round: control loop, forwarding loops, control loop, datagram (sd_notify(3), systemd.service(5)). */
    @Test
    void theServiceManagerHearsOfLifeAndReloads() {
        try (Site site = new Site(namespaces, "launcher-notify");
                Lnsd lnsd = new Lnsd(site.lns(), site.folder("lnsd"), GOOD)) {
            awaitNotified(lnsd, "WATCHDOG=1");
            assertThat(lnsd.notified()).contains("STATUS=ready: 0 sessions open, 0 in all, 0 tunnels")
                    .doesNotContain("RELOADING=1");

            lnsd.signal("HUP");
            awaitNotified(lnsd, "RELOADING=1");
            awaitNotified(lnsd, "(?s)RELOADING=1\\s+MONOTONIC_USEC=\\d+\\s.*READY=1");

            Commands.write(lnsd.configuration(), Lnsd.configured(site.folder("lnsd"), GOOD) + "[ppp]\nmru = \"big\"\n");
            assertThat(lnsd.control("reload").exit()).isEqualTo(1);
            awaitNotified(lnsd, "READY=1\\s+STATUS=ready: .*; the last reload was refused");
            assertThat(lnsd.terminate()).isZero();
        }
    }

    private static void awaitNotified(Lnsd lnsd, String pattern) {
        java.util.regex.Pattern wanted = java.util.regex.Pattern.compile(pattern);
        org.awaitility.Awaitility.await(pattern).atMost(60, java.util.concurrent.TimeUnit.SECONDS)
                .pollInterval(100, java.util.concurrent.TimeUnit.MILLISECONDS)
                .until(() -> wanted.matcher(lnsd.notified()).find());
    }

    private static Path written(Site site, String name, String text) {
        Path folder = site.folder(name + ".d");
        Path file = site.folder("").resolve(name);
        Commands.write(file, Lnsd.configured(folder, text).replace("9701", "97" + (10 + name.length())));
        return file;
    }

    private static Commands.Result lnsd(Site site, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of(Lnsd.program("lnsd")));
        command.addAll(List.of(arguments));
        return Commands.run(site.lns().inside(command), 30);
    }

    /** What is an error and not an ordinary log line. */
    private static List<String> errors(Commands.Result result) {
        return result.output().lines().filter(line -> line.startsWith("lnsd: ")).toList();
    }
}

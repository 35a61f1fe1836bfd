package org.lnsd.daemon.intercept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lnsd.tun.Memory;

/** Who is intercepted is told by the audit log, and what was copied by the file. */
class InterceptionsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final InterceptTarget FILE = new InterceptTarget.PcapngFile();

    @TempDir
    Path directory;

    private List<String> audit() throws IOException { return Files.readAllLines(directory.resolve("audit.log")); }

    @Test
    void eachStartAndStopIsInTheAuditLogAcrossRestarts() throws IOException {
        Interceptions before = new Interceptions(directory, CLOCK);
        before.start("A1", "eve\nfake line", FILE, "root");
        Interceptions after = new Interceptions(directory, CLOCK);
        after.start("B2", "bob", InterceptTarget.parse("192.0.2.9:9000").orElseThrow(), "radius");
        assertThat(after.stop("B2", "session-end")).isTrue();
        assertThat(after.stop("B2", "root")).isFalse();
        assertThat(audit()).containsExactly(
                "2026-01-02T03:04:05Z intercept-start session=A1 user=eve?fake line target=file requester=root",
                "2026-01-02T03:04:05Z intercept-start session=B2 user=bob target=192.0.2.9:9000 requester=radius",
                "2026-01-02T03:04:05Z intercept-stop session=B2 user=bob target=192.0.2.9:9000 packets=0 lost=0 requester=session-end");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("audit.log"))))
                .isEqualTo("rw-------");
    }

    @Test
    void withoutAuditLogNothingBegins() throws IOException {
        Path noDirectory = Files.writeString(directory.resolve("file"), "");
        Interceptions all = new Interceptions(noDirectory, CLOCK);
        assertThatThrownBy(() -> all.start("A1", "eve", FILE, "root")).isInstanceOf(IOException.class);
        assertThat(all.running()).isEmpty();
    }

    @Test
    void aFileHoldsEveryPacket() throws IOException {
        Interceptions all = new Interceptions(directory, CLOCK);
        Interception interception = all.start("A1", "eve", FILE, "root");
        long packet = Memory.map(4096);
        for (int i = 0; i < 100; i++) {
            interception.packet(packet, 40);
        }
        assertThat(all.running()).singleElement().asString().contains("packets=100 lost=0");
        all.stop("A1", "root");
        Awaitility.await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
            try (Stream<Path> files = Files.list(directory.resolve("intercept"))) {
                assertThat(files).singleElement().satisfies(file -> assertThat(file).hasSize(48 + 100 * 72));
            }
        });
        Memory.unmap(packet);
    }

    @Test
    void targetsAreReadOrRefused() {
        assertThat(InterceptTarget.parse("[2001:db8::9]:9000").orElseThrow()).hasToString("[2001:db8::9]:9000");
        assertThat(InterceptTarget.parse("192.0.2.9:9000").orElseThrow()).hasToString("192.0.2.9:9000");
        for (String wrong : List.of("", "192.0.2.9", "192.0.2.9:0", "192.0.2.9:99999", "host:9", ":9", "file:9")) {
            assertThat(InterceptTarget.parse(wrong)).as(wrong).isEmpty();
        }
    }
}

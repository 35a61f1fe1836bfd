package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/** A packet capture on one device of a namespace, and tshark as the judge of what was seen. */
final class Capture implements AutoCloseable {
    private static final int SEVERITY_ERROR = 0x800000;
    private static final int SEVERITY_WARNING = 0x600000;
    private static final int GROUP_MALFORMED = 0x7000000;
    /** A capture of a long transfer on a slow machine. */
    private static final int READ_SECONDS = 240;

    private final Process process;
    private final Path file;

    Capture(NetNamespace namespace, String device, Path file) {
        this.file = file;
        Path log = file.resolveSibling(file.getFileName() + ".log");
        this.process = namespace.start(log, "dumpcap", "-q", "-i", device, "-s", "2048", "-w", file.toString());
        Awaitility.await("the capture runs").atMost(30, TimeUnit.SECONDS).pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> Commands.text(log).contains("File: "));
    }

    /** Ends the capture; the file is complete then. */
    void stop() {
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One line a packet that matches the display filter, its fields separated by tabs. */
    List<List<String>> packets(String filter, String... fields) {
        return packets(Stream.empty(), filter, fields);
    }

    private List<List<String>> packets(Stream<String> options, String filter, String... fields) {
        List<String> command = Stream
                .concat(Stream.concat(Stream.of("tshark", "-n", "-r", file.toString(), "-Y", filter, "-T", "fields"),
                        options),
                        Arrays.stream(fields).flatMap(field -> Stream.of("-e", field)))
                .toList();
        Commands.Result read = Commands.run(command, READ_SECONDS);
        assertThat(read.exit()).as(command + ": " + read.output()).isZero();
        return read.output().lines().filter(line -> !line.startsWith("Running as user"))
                .map(line -> List.of(line.split("\t", -1))).toList();
    }

    /**
     * The packets of a sender that tshark takes for malformed: dissector failures, expert errors and warnings about lengths, in all up to TCP and UDP. Must be
     * empty.
     */
    List<List<String>> malformedFrom(String address) {
        String wrong = "(_ws.malformed || _ws.expert.severity == " + SEVERITY_ERROR + " || _ws.expert.group == "
                + GROUP_MALFORMED
                + " || _ws.expert.severity == " + SEVERITY_WARNING + " && _ws.expert.message contains \"ength\")";
        return packets(payloadUnread(), "ip.src == " + address + " && udp.port == 1701 && " + wrong, "frame.number",
                "_ws.col.Protocol",
                "_ws.col.Info",
                "_ws.expert.message");
    }

    /** Options that keep tshark from taking random file content over TCP or UDP for one of its many protocols. */
    private static Stream<String> payloadUnread() {
        return Commands.must("tshark", "-G", "heuristic-decodes").lines().map(line -> line.split("\t", -1))
                .filter(fields -> fields.length > 1 && (fields[0].equals("tcp") || fields[0].equals("udp")))
                .flatMap(fields -> Stream.of("--disable-protocol", fields[1]));
    }

    /** Seconds since the epoch of the first packet that matches. */
    double firstTime(String filter) {
        return packets(filter, "frame.time_epoch").stream().mapToDouble(fields -> Double.parseDouble(fields.getFirst()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no packet matches " + filter + " in " + file));
    }

    double lastTime(String filter) {
        return packets(filter, "frame.time_epoch").stream().mapToDouble(fields -> Double.parseDouble(fields.getFirst()))
                .max()
                .orElseThrow(() -> new AssertionError("no packet matches " + filter + " in " + file));
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
        Commands.end(process);
    }
}

package org.lnsd.daemon.intercept;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** The file {@code audit.log} in the state directory: a line for each start and stop of an interception, on disk before it takes effect. Any thread. */
public final class AuditLog {

    private final Path directory;
    private final Path file;
    private final Clock clock;

    /** Lines go to {@code audit.log} in that directory. */
    public AuditLog(Path directory, Clock clock) {
        this.directory = directory;
        this.file = directory.resolve("audit.log");
        this.clock = clock;
    }

    /**
     * Writes a line.
     *
     * @throws IOException if it could not be brought to disk; what it tells of must not happen then
     */
    public synchronized void write(String event) throws IOException {
        String line = clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + printable(event) + "\n";
        if (!Files.exists(file)) {
            Files.createDirectories(directory);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer octets = ByteBuffer.wrap(line.getBytes(UTF_8));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
    }

    // A user's name must not make lines of its own.
    private static String printable(String text) {
        return text.codePoints().map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }
}

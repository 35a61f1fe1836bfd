package org.lnsd.daemon.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files that an operator names, read whole: no directory, nothing that has no end or that nobody writes to, nothing larger than it can be meant. */
public final class BoundedFile {

    /** Nothing at all, or with somebody at the other end: {@code lnsd --check --config <(...)}. */
    private static final List<Path> HARMLESS = List.of(Path.of("/dev/null"), Path.of("/dev/stdin"), Path.of("/dev/fd"),
            Path.of("/proc/self/fd"));

    private BoundedFile() {}

    /** It is there but not what it should be. The message goes on behind the file's name: what it is, and what is expected. */
    static final class Unusable extends IOException {
        private static final long serialVersionUID = 1;

        Unusable(String message) { super(message); }
    }

    /**
     * Returns the text.
     *
     * @throws IOException in words for {@link #describe}; malformed text is one
     */
    public static String read(Path file, Charset charset, int maximumBytes) throws IOException {
        check(file, maximumBytes);
        try (InputStream opened = Files.newInputStream(file)) {
            byte[] octets = opened.readNBytes(maximumBytes + 1);
            if (octets.length > maximumBytes) {
                throw tooLarge("more than " + maximumBytes, maximumBytes);
            }
            return charset.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        }
    }

    /**
     * Says whether the file can be read, without doing so.
     *
     * @throws IOException in words for {@link #describe}
     */
    public static void check(Path file, int maximumBytes) throws IOException {
        if (Files.isDirectory(file)) {
            throw new Unusable("is a directory, a file expected");
        }
        if (Files.exists(file) && !Files.isRegularFile(file) && HARMLESS.stream().noneMatch(file::startsWith)) {
            throw new Unusable("is a device, a socket or a pipe, a regular file expected");
        }
        if (Files.size(file) > maximumBytes) {
            throw tooLarge(String.valueOf(Files.size(file)), maximumBytes);
        }
    }

    private static Unusable tooLarge(String octets, int maximumBytes) {
        return new Unusable("has " + octets + " octets, at most " + maximumBytes + " expected");
    }

    /** Why a file cannot be read and what is expected of it, to stand behind its name. */
    public static String describe(IOException why) {
        return Unreadable.describe(why);
    }
}

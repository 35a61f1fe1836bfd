package org.lnsd.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the host: run to their end, or started in the background with their output in a file. */
final class Commands {
    /** What a program left: its exit code (124: it ran out of time and was ended) and its standard output and error, mixed. */
    record Result(int exit, String output) {
        boolean succeeded() { return exit == 0; }
    }

    private static final long TIMEOUT_SECONDS = 120;

    private Commands() {}

    /** Runs a program; its exit code is the caller's to judge. */
    static Result run(List<String> command) {
        return run(command, TIMEOUT_SECONDS);
    }

    static Result run(List<String> command, long timeoutSeconds) {
        try {
            Path output = Files.createTempFile("lnsd-command-", ".out");
            try {
                Process process = start(command, output);
                if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
                    end(process);
                    return new Result(124, text(output));
                }
                return new Result(process.exitValue(), text(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    /** Runs a program that must succeed, and returns its output. */
    static String must(List<String> command) {
        Result result = run(command);
        if (!result.succeeded()) {
            throw new AssertionError(command + " ended with " + result.exit() + ": " + result.output());
        }
        return result.output();
    }

    static String must(String... command) { return must(List.of(command)); }

    /** Starts a program; standard output and error go to the file. */
    static Process start(List<String> command, Path output) {
        try {
            return new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())).start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    /** Ends a program and what it started: TERM, and KILL for what is left after five seconds. */
    static void end(Process process) {
        List<ProcessHandle> family = java.util.stream.Stream
                .concat(process.descendants(), java.util.stream.Stream.of(process.toHandle())).toList();
        family.forEach(ProcessHandle::destroy);
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }

    /** The content of a file that may not exist yet. */
    static String text(Path file) {
        try {
            return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a resource of this package into a folder, executable, and returns where it is. */
    static Path resource(String name, Path folder) {
        try (var in = Commands.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError("no resource " + name);
            }
            Files.createDirectories(folder);
            Path file = folder.resolve(name);
            Files.write(file, in.readAllBytes());
            if (!file.toFile().setExecutable(true, false)) {
                throw new AssertionError("cannot make executable: " + file);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.lnsd.lac;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The CPU time of another process, from the scheduler's own accounting, which is exact where /proc/PID/stat counts ticks. */
final class CpuClock {

    private final int pid;

    CpuClock(int pid) { this.pid = pid; }

    /** Returns the time of all threads that live, in nanoseconds; 0 without a process. */
    long readNs() {
        if (pid <= 0) {
            return 0;
        }
        long totalNs = 0;
        try (var threads = Files.list(Path.of("/proc", Integer.toString(pid), "task"))) {
            List<Path> all = threads.toList();
            for (Path thread : all) {
                totalNs += threadNs(thread.resolve("schedstat"));
            }
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("CPU time of process " + pid, unreadable);
        }
        return totalNs;
    }

    private static long threadNs(Path schedstat) throws IOException {
        try {
            String text = Files.readString(schedstat);
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }
}

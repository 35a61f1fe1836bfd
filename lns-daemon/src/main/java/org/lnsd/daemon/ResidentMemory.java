package org.lnsd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The resident memory of this process, from /proc. */
final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String LABEL = "VmRSS:";
    private static final long KIBIBYTE = 1024;

    private ResidentMemory() {}

    /** Returns octets; 0 where /proc cannot be read. */
    static long bytes() {
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(LABEL))
                    .map(line -> line.replaceAll("[^0-9]", "")).mapToLong(Long::parseLong).findAny().orElse(0)
                    * KIBIBYTE;
        } catch (IOException unknown) {
            return 0;
        }
    }
}

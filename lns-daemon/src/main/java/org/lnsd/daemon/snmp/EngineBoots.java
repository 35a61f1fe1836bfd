package org.lnsd.daemon.snmp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How often the SNMP engine has started (RFC 3414 section 2.2): kept in a file, so that captured requests are of no use after a restart. */
final class EngineBoots {

    private static final String FILE = "snmp-engine-boots";

    private EngineBoots() {}

    /**
     * Counts one more start.
     *
     * @throws IOException when the file cannot be written
     */
    static int next(Path stateDirectory) throws IOException {
        Path file = stateDirectory.resolve(FILE);
        int boots = 1;
        if (Files.exists(file)) {
            String text = Files.readString(file).strip();
            boots = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) + 1 : 1;
        }
        Files.createDirectories(stateDirectory);
        Files.writeString(file, boots + "\n");
        return boots;
    }
}

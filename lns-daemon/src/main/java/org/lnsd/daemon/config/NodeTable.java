package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.RESTART;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code [node]}. */
final class NodeTable {

    private static final Key<String> NAME = Key.of("name", ValueTypes.nameOrEmpty(), "\"\"", RESTART,
            "NAS-Identifier and L2TP Host Name; empty: the machine's host name");
    private static final Key<Path> STATE_DIRECTORY = Key.of("state-directory", ValueTypes.path(), "\"/var/lib/lnsd\"",
            RESTART,
            "where accounting that no server took yet, and other state that outlives the process, is kept");

    static final TableSchema SCHEMA = new TableSchema("node", false, false, "This machine.",
            List.of(NAME, STATE_DIRECTORY));

    private NodeTable() {}

    static NodeConfig read(TableReader in) {
        String name = in.get(NAME);
        return new NodeConfig(name.isEmpty() ? hostName() : name, in.get(STATE_DIRECTORY));
    }

    private static String hostName() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            return name.isEmpty() ? "lnsd" : name;
        } catch (IOException noHostName) {
            return "lnsd";
        }
    }
}

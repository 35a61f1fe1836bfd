package org.lnsd.daemon;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code lnsd} can be asked for. */
@Command(name = "lnsd", description = "L2TPv2 network server. Runs in the foreground and logs to standard error.", sortOptions = false, footer = {
        "", "Exit codes: 0 clean, 1 bad configuration, 2 bad command line,",
        "3 the system refused something (named in one line).", "",
        "Signals: TERM and INT stop cleanly, HUP re-reads the configuration."})
final class CommandLine {

    @Option(names = "--config", paramLabel = "FILE", description = "the configuration, lnsd.toml")
    @Nullable
    Path config;

    @Option(names = "--check", description = "read and validate the configuration only")
    boolean check;

    @Option(names = "--version", versionHelp = true, description = "print the release and exit")
    boolean version;

    @Option(names = {"--help", "-h"}, usageHelp = true, description = "print this and exit")
    boolean help;
}

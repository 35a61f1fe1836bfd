package org.lnsd.lac;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How fast, for how long, and what is reported. Filled by picocli. */
final class LoadOptions {

    @Option(names = "--rate", paramLabel = "N", defaultValue = "0", description = "set-ups a second at most; 0 for no limit (default: ${DEFAULT-VALUE})")
    int ratePerSecond;

    @Option(names = "--in-flight", paramLabel = "N", defaultValue = "100", description = "set-ups under way at once at most (default: ${DEFAULT-VALUE})")
    int inFlight = 100;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "30", description = "a set-up that takes longer has failed (default: ${DEFAULT-VALUE})")
    int timeoutSeconds = 30;

    @Option(names = "--hold", paramLabel = "SECONDS", description = "stay connected that long when all is up or has failed; 0 ends at once (default: until TERM or INT)")
    int holdSeconds = -1;

    @Option(names = "--churn", paramLabel = "N", defaultValue = "0", description = "while holding: hang up and set up again so many subscribers a second (default: ${DEFAULT-VALUE})")
    int churnPerSecond;

    @Option(names = "--tun", paramLabel = "NAME", description = "bring the subscribers' traffic out on a TUN device of this name: it carries each one's addresses, a packet goes to the session of its source address")
    @Nullable
    String tun;

    @Option(names = "--tun-route", paramLabel = "PREFIX", description = "route this prefix to the device; may be given several times")
    List<String> tunRoutes = new ArrayList<>();

    @Option(names = "--json", paramLabel = "FILE", description = "write the report as JSON when all is up or has failed, and again at the end; - for standard output")
    @Nullable
    Path json;

    @Option(names = {"-q", "--quiet"}, description = "no report for people on standard output")
    boolean quiet;

    @Option(names = {"-v", "--verbose"}, description = "one line for each tunnel and session that comes, fails or goes")
    boolean verbose;
}

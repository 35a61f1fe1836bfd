package org.lnsd.lac;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.lnsd.daemon.config.BoundedFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of {@code lnsd-lac}. */
@Command(name = "lnsd-lac", mixinStandardHelpOptions = true, version = "lnsd-lac 0.1.0", sortOptions = false, description = {
        "Opens L2TP tunnels to an LNS and brings subscribers up behind them, as a carrier's LAC does.", ""}, footer = {
                "",
                "Exit codes: 0 everything came up, 1 something did not, 2 bad usage, 3 the system refused something.",
                "TERM and INT hang up politely: LCP Terminate, CDN, StopCCN."})
final class LacCommand implements Callable<Integer> {

    static final int SYSTEM_REFUSED = 3;
    private static final int SECRET_MAXIMUM_BYTES = 4096;

    @Spec
    CommandSpec spec = CommandSpec.create();
    @Mixin
    TunnelOptions tunnels = new TunnelOptions();
    @Mixin
    SubscriberOptions subscribers = new SubscriberOptions();
    @Mixin
    LoadOptions load = new LoadOptions();
    @Mixin
    TrafficOptions traffic = new TrafficOptions();
    @Mixin
    FloodOptions flood = new FloodOptions();

    @Override
    public Integer call() throws InterruptedException {
        LacPlan plan = plan();
        try {
            if (flood.kind != null) {
                return new Flood(plan, flood, new SplittableRandom()).run(flood.kind, System.out);
            }
            return new LacRun(plan, System.out, System.err).run();
        } catch (LacRun.Refused refused) {
            System.err.println("lnsd-lac: " + refused.getMessage());
            return SYSTEM_REFUSED;
        }
    }

    private LacPlan plan() {
        try {
            if (tunnels.secretFile != null) {
                tunnels.secret = firstLine(tunnels.secretFile);
            }
            if (subscribers.passwordFile != null) {
                subscribers.password = firstLine(subscribers.passwordFile);
            }
            LacPlan plan = new LacPlan(tunnels, subscribers, load, traffic);
            CallFactory check = new CallFactory(plan);
            check.tunnel();
            check.link(subscribers.first);
            return plan;
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private String firstLine(Path file) {
        try {
            return BoundedFile.read(file, UTF_8, SECRET_MAXIMUM_BYTES).lines().findFirst().orElse("");
        } catch (IOException unreadable) {
            throw new ParameterException(spec.commandLine(), file + " " + BoundedFile.describe(unreadable), unreadable);
        }
    }
}

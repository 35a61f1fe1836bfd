package org.lnsd.daemon;

import java.nio.file.Path;
import java.util.List;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.ConfigurationLoader;
import org.lnsd.daemon.config.LoadedConfiguration;
import org.lnsd.daemon.log.LogSetup;
import org.lnsd.daemon.system.ServiceManager;
import org.jline.utils.Signals;
import picocli.CommandLine.ParameterException;

/** {@code lnsd}: reads the command line and the configuration, runs the daemon, and says how it ended. */
public final class Main {

    private Main() {}

    /** Ends the process with one of the {@link ExitCode}s. */
    public static void main(String[] arguments) {
        ExitCode code;
        try {
            stopBeforeStart(List.of(arguments));
            code = run(arguments);
        } catch (RuntimeException | Error defect) {
            // The boundary of the process: threads that are already running must not keep half a daemon alive.
            defect.printStackTrace();
            System.err.println("lnsd: internal error at start: " + defect + "; please report it");
            code = ExitCode.REFUSED;
        }
        // Not System.exit: its shutdown hooks would wait for ours, which waits for the daemon.
        Runtime.getRuntime().halt(code.status());
    }

    /** Until there is something to stop, TERM and INT just end the process, cleanly. A check that did not finish is not passed. */
    private static void stopBeforeStart(List<String> arguments) {
        int status = (arguments.contains("--check") ? ExitCode.REFUSED : ExitCode.CLEAN).status();
        Signals.register("TERM", () -> Runtime.getRuntime().halt(status));
        Signals.register("INT", () -> Runtime.getRuntime().halt(status));
    }

    static ExitCode run(String... arguments) {
        CommandLine options = new CommandLine();
        picocli.CommandLine parser = new picocli.CommandLine(options);
        try {
            parser.parseArgs(arguments);
        } catch (ParameterException bad) {
            return usageError(String.valueOf(bad.getMessage()));
        }
        if (options.help) {
            parser.usage(System.out);
            return ExitCode.CLEAN;
        }
        if (options.version) {
            System.out.println("lnsd " + Version.text());
            return ExitCode.CLEAN;
        }
        Path config = options.config;
        return config == null || config.toString().isEmpty()
                ? usageError("--config FILE is missing")
                : load(config, options.check);
    }

    private static ExitCode usageError(String text) {
        System.err.println("lnsd: " + text + "; lnsd --help says what is possible");
        return ExitCode.BAD_COMMAND_LINE;
    }

    private static ExitCode load(Path file, boolean checkOnly) {
        return switch (ConfigurationLoader.load(file)) {
            case LoadedConfiguration.Invalid(var errors) -> {
                errors.forEach(System.err::println);
                yield ExitCode.BAD_CONFIGURATION;
            }
            case LoadedConfiguration.Valid(Configuration configuration) ->
                checkOnly ? ExitCode.CLEAN : serve(file, configuration);
        };
    }

    private static ExitCode serve(Path file, Configuration configuration) {
        LogSetup.apply(configuration.log());
        Daemon daemon = new Daemon(file, configuration,
                ServiceManager.of(System.getenv(), ProcessHandle.current().pid()));
        Signals.register("TERM", daemon::requestStop);
        Signals.register("INT", daemon::requestStop);
        Signals.register("HUP", new ReloadRequests(daemon::reload)::request);
        try {
            daemon.start();
        } catch (SystemRefusal refusal) {
            System.err.println("lnsd: " + refusal.getMessage());
            daemon.abandon();
            return ExitCode.REFUSED;
        }
        daemon.awaitEnd();
        LogSetup.stop();
        String refusal = daemon.refusal();
        if (refusal == null) {
            return ExitCode.CLEAN;
        }
        System.err.println("lnsd: " + refusal);
        return ExitCode.REFUSED;
    }
}

package org.lnsd.lac;

import picocli.CommandLine;

/** {@code lnsd-lac}. Exit codes: 0 everything came up, 1 something did not, 2 bad usage, 3 the system refused something. */
public final class Main {

    private static final int HELP_COLUMNS = 120;

    private Main() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Logging.toStandardError();
        int exitCode = commandLine().execute(arguments);
        System.out.flush();
        // halt, not exit: the shutdown hook that ends a run politely has done its work already or is the one waiting for us
        Runtime.getRuntime().halt(exitCode);
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new LacCommand());
        commandLine.setUsageHelpWidth(HELP_COLUMNS).setCaseInsensitiveEnumValuesAllowed(true);
        return commandLine;
    }
}

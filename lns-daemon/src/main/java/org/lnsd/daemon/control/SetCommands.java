package org.lnsd.daemon.control;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.lnsd.daemon.aaa.ProfileChange;
import org.lnsd.daemon.aaa.RateLimit;
import org.lnsd.daemon.config.Rates;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands that change a session that runs. */
final class SetCommands {

    private static final String NONE = "none";

    private SetCommands() {}

    static void add(CommandLine set, OperatorServices services, Output output) {
        set.addSubcommand("session", new SetSession(services, output));
    }

    /** What can be set. */
    enum Property {
        RATE_DOWN, RATE_UP, FILTER_IN, FILTER_OUT;

        /** The change, or empty when the value cannot be read. */
        Optional<ProfileChange> change(String value) {
            return switch (this) {
                case RATE_DOWN -> rate(value).map(rate -> change(Optional.of(rate), Optional.empty()));
                case RATE_UP -> rate(value).map(rate -> change(Optional.empty(), Optional.of(rate)));
                case FILTER_IN -> Optional.of(filter(Optional.of(name(value)), Optional.empty()));
                case FILTER_OUT -> Optional.of(filter(Optional.empty(), Optional.of(name(value))));
            };
        }

        private static Optional<RateLimit> rate(String value) {
            return value.equals(NONE)
                    ? Optional.of(RateLimit.NONE)
                    : Rates.parse(value).map(bps -> new RateLimit(bps, 0));
        }

        private static String name(String value) { return value.equals(NONE) ? "" : value; }

        private static ProfileChange change(Optional<RateLimit> down, Optional<RateLimit> up) {
            return new ProfileChange(down, up, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        }

        private static ProfileChange filter(Optional<String> in, Optional<String> out) {
            return new ProfileChange(Optional.empty(), Optional.empty(), in, out, Optional.empty(), Optional.empty(),
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        }
    }

    /** {@code set session X PROPERTY VALUE}. */
    @Command(description = "Changes what a session may do, at once and until it ends: rate-down, rate-up, filter-in, filter-out.")
    static final class SetSession implements Callable<Integer> {
        private final OperatorServices services;
        private final Output output;
        @Parameters(index = "0", paramLabel = "ID|USER|ADDRESS", description = "The session.")
        private String name = "";
        @Parameters(index = "1", paramLabel = "PROPERTY", description = "rate-down, rate-up, filter-in or filter-out.")
        private String property = "";
        @Parameters(index = "2", paramLabel = "VALUE", description = "A rate such as 20Mbit/s, a filter's name, or none.")
        private String value = "";

        SetSession(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() throws InterruptedException {
            Optional<Property> known = property();
            if (known.isEmpty()) {
                output.error("unknown property " + property + ", rate-down, rate-up, filter-in or filter-out expected");
                return Commands.USAGE;
            }
            Optional<ProfileChange> change = known.get().change(value);
            if (change.isEmpty()) {
                output.error(value + " is no rate, 64kbit/s to 10Gbit/s or none expected, such as 20Mbit/s");
                return Commands.USAGE;
            }
            List<SessionView> found = services.node().findSessions(name);
            if (found.isEmpty()) {
                output.error("no session with id, user or address " + name);
                return Commands.REFUSED;
            }
            int code = Commands.DONE;
            for (SessionView session : found) {
                code = Math.max(code,
                        Commands.finish(services.node().changeSession(session.id(), change.get()), output));
            }
            return code;
        }

        private Optional<Property> property() {
            for (Property candidate : Property.values()) {
                if (candidate.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(property)) {
                    return Optional.of(candidate);
                }
            }
            return Optional.empty();
        }
    }
}

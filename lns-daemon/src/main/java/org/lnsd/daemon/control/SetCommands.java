package org.lnsd.daemon.control;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.lnsd.daemon.aaa.LineRules;
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

    private static final String PROPERTIES = "rate-down, rate-up, filter-in, filter-out, garden, packets-per-second or volume-limit";

    static void add(Menu set, OperatorServices services, Output output) {
        set.add("session", () -> new SetSession(services, output));
    }

    /** {@code suspend} and {@code resume}. */
    static void addSuspension(Menu root, OperatorServices services, Output output) {
        root.add("suspend", () -> suspension("Stops lines without ending their sessions.",
                new SuspendSession(services, output, true)));
        root.add("resume", () -> suspension("Lets suspended lines go on.",
                new SuspendSession(services, output, false)));
    }

    private static CommandLine suspension(String description, SuspendSession session) {
        CommandLine group = new CommandLine(new Commands.Group());
        group.getCommandSpec().usageMessage().description(description);
        group.addSubcommand("session", session);
        return group;
    }

    private static int change(OperatorServices services, Output output, String name, ProfileChange change)
            throws InterruptedException {
        List<SessionView> found = services.node().findSessions(name);
        if (found.isEmpty()) {
            output.error("no session with id, user or address " + name);
            return Commands.REFUSED;
        }
        int code = Commands.DONE;
        for (SessionView session : found) {
            code = Math.max(code, Commands.finish(services.node().changeSession(session.id(), change), output));
        }
        return code;
    }

    /** {@code suspend session X} and {@code resume session X}. */
    @Command(description = "Drops or passes all packets of a session, which stays up.")
    static final class SuspendSession implements Callable<Integer> {
        private final OperatorServices services;
        private final Output output;
        private final boolean suspended;
        @Parameters(paramLabel = "ID|USER|ADDRESS", description = "The session.")
        private String name = "";

        SuspendSession(OperatorServices services, Output output, boolean suspended) {
            this.services = services;
            this.output = output;
            this.suspended = suspended;
        }

        @Override
        public Integer call() throws InterruptedException {
            return change(services, output, name, ProfileChange.of(LineRules.ofSuspended(suspended)));
        }
    }

    /** What can be set. */
    enum Property {
        RATE_DOWN, RATE_UP, FILTER_IN, FILTER_OUT, GARDEN, PACKETS_PER_SECOND, VOLUME_LIMIT;

        /** The change, or empty when the value cannot be read. */
        Optional<ProfileChange> change(String value) {
            return switch (this) {
                case RATE_DOWN -> rate(value).map(rate -> change(Optional.of(rate), Optional.empty()));
                case RATE_UP -> rate(value).map(rate -> change(Optional.empty(), Optional.of(rate)));
                case FILTER_IN -> Optional.of(filter(Optional.of(name(value)), Optional.empty()));
                case FILTER_OUT -> Optional.of(filter(Optional.empty(), Optional.of(name(value))));
                case GARDEN -> Optional.of(ProfileChange.of(LineRules.ofGarden(garden(value))));
                case PACKETS_PER_SECOND -> packets(value).map(most -> ProfileChange.of(
                        LineRules.ofPacketsPerSecond(most)));
                case VOLUME_LIMIT -> (value.equals(NONE) ? Optional.of(0L) : Rates.parseVolume(value))
                        .map(bytes -> ProfileChange.of(LineRules.ofVolume(bytes)));
            };
        }

        private static Optional<RateLimit> rate(String value) {
            return value.equals(NONE)
                    ? Optional.of(RateLimit.NONE)
                    : Rates.parse(value).map(rate -> new RateLimit(rate.bps(), 0, rate.percent()));
        }

        private static String garden(String value) { return value.equals("off") ? "" : name(value); }

        private static Optional<Integer> packets(String value) {
            if (value.equals(NONE)) {
                return Optional.of(0);
            }
            return value.matches("[1-9]\\d{0,8}") ? Optional.of(Integer.valueOf(value)) : Optional.empty();
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
    @Command(description = "Changes what a session may do, at once and until it ends: " + PROPERTIES + ".")
    static final class SetSession implements Callable<Integer> {
        private final OperatorServices services;
        private final Output output;
        @Parameters(index = "0", paramLabel = "ID|USER|ADDRESS", description = "The session.")
        private String name = "";
        @Parameters(index = "1", paramLabel = "PROPERTY", description = PROPERTIES + ".")
        private String property = "";
        @Parameters(index = "2", paramLabel = "VALUE", description = "A rate such as 20Mbit/s or 90% of the line, the name of a filter or garden, a number, a volume such as 50GB, or none.")
        private String value = "";

        SetSession(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() throws InterruptedException {
            Optional<Property> known = property();
            if (known.isEmpty()) {
                output.error("unknown property " + property + ", " + PROPERTIES + " expected");
                return Commands.USAGE;
            }
            Optional<ProfileChange> change = known.get().change(value);
            if (change.isEmpty()) {
                output.error(value + switch (known.get()) {
                    case PACKETS_PER_SECOND -> " is no number of packets a second, 1 to 999999999 or none expected";
                    case VOLUME_LIMIT -> " is no volume, 1MB to 1000TB or none expected, such as 50GB";
                    default -> " is no rate, 64kbit/s to 10Gbit/s, a percentage or none expected, such as 20Mbit/s";
                });
                return Commands.USAGE;
            }
            if (namesNoFilter(known.get())) {
                output.error("no [[filter]] has the name " + value);
                return Commands.REFUSED;
            }
            return SetCommands.change(services, output, name, change.get());
        }

        private boolean namesNoFilter(Property known) {
            return (known == Property.FILTER_IN || known == Property.FILTER_OUT) && !value.equals(NONE)
                    && services.node().filters().stream().noneMatch(filter -> filter.name().equals(value));
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

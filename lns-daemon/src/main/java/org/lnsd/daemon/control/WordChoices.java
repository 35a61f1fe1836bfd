package org.lnsd.daemon.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.lnsd.daemon.history.HistoryView;
import org.lnsd.daemon.net.IpAddresses;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The request {@code words WORD... BEGUN}: what may stand next and begins so, one a line: the word in quotes, then its meaning. For completion
 * in the shell; ids, user names and addresses are those of the moment.
 */
final class WordChoices {

    /** The request's first word. */
    static final String REQUEST = "words";

    private static final int MAXIMUM = 100;
    private static final int RECENT = 50;

    private final OperatorServices services;
    private final List<String> lines = new ArrayList<>();
    private final String begun;

    private WordChoices(OperatorServices services, String begun) {
        this.services = services;
        this.begun = begun;
    }

    static void write(CommandLine root, OperatorServices services, List<String> words, Output output) {
        String begun = words.isEmpty() ? "" : words.getLast();
        WordChoices choices = new WordChoices(services, begun);
        choices.collect(root, words.isEmpty() ? List.of() : words.subList(0, words.size() - 1));
        choices.lines.stream().limit(MAXIMUM).forEach(output::line);
    }

    private void collect(CommandLine root, List<String> before) {
        CommandLine at = root;
        int position = 0;
        Optional<OptionSpec> open = Optional.empty(); // an option that waits for its value
        for (String word : before) {
            CommandLine inner = position == 0 ? at.getSubcommands().get(word) : null;
            if (open.isPresent()) {
                open = Optional.empty();
            } else if (word.startsWith("-")) {
                open = Optional.ofNullable(at.getCommandSpec().optionsMap().get(word))
                        .filter(option -> option.arity().min() > 0);
            } else if (inner != null) {
                at = inner;
            } else {
                position++;
            }
        }
        int next = position;
        open.ifPresentOrElse(this::values, () -> {});
        if (open.isEmpty() && begun.startsWith("-")) {
            options(at);
        } else if (open.isEmpty()) {
            commands(at);
            at.getCommandSpec().positionalParameters().stream().filter(place -> place.index().contains(next))
                    .forEach(this::parameter);
        }
    }

    private void commands(CommandLine at) {
        at.getSubcommands().forEach((name, command) -> {
            String[] meaning = command.getCommandSpec().usageMessage().description();
            add(name, meaning.length == 0 ? "" : meaning[0]);
        });
    }

    private void options(CommandLine at) {
        at.getCommandSpec().options().stream().filter(option -> !option.hidden())
                .forEach(option -> add(option.longestName(), String.join(" ", option.description())));
    }

    private void values(ArgSpec argument) {
        Iterable<String> known = argument.completionCandidates();
        if (known != null) {
            known.forEach(value -> add(value.toLowerCase(java.util.Locale.ROOT), ""));
        }
    }

    private void parameter(PositionalParamSpec parameter) {
        boolean ofTunnel = parameter.command().name().equals("tunnel");
        switch (parameter.paramLabel()) {
            case "ID|USER|ADDRESS" -> sessions();
            case "ID|USER|PEER" -> {
                if (ofTunnel) {
                    tunnels();
                } else {
                    sessions();
                    ended();
                }
            }
            case "ID" -> tunnels();
            case "NAME" -> services.node().configuration().l2tp().peers().forEach(peer -> add(peer.name(), "a peer"));
            default -> values(parameter);
        }
    }

    private void tunnels() {
        services.node().tunnels().forEach(tunnel -> add(Integer.toString(tunnel.id()), tunnel.peer()));
    }

    private void sessions() {
        try (Stream<SessionView> all = services.node().sessions(this::isBegun)) {
            all.takeWhile(_ -> lines.size() < MAXIMUM).forEach(session -> {
                add(session.user(), "a user");
                if (!begun.isEmpty()) {
                    add(session.id(), session.user());
                    session.ipv4().ifPresent(address -> add(IpAddresses.format(address), session.user()));
                }
            });
        }
    }

    private boolean isBegun(SessionFacts session) {
        return session.user().startsWith(begun) || session.id().startsWith(begun)
                || mayBeAddress() && session.ipv4().map(IpAddresses::format).orElse("").startsWith(begun);
    }

    private boolean mayBeAddress() { return !begun.isEmpty() && Character.isDigit(begun.charAt(0)); }

    private void ended() {
        services.history().recent(RECENT).stream().map(HistoryView::user).forEach(user -> add(user, "ended"));
    }

    private void add(String word, String meaning) {
        String line = (Words.join(List.of(word)) + " " + meaning.replace('"', '\'')).strip();
        if (!word.isEmpty() && word.startsWith(begun) && !lines.contains(line)) {
            lines.add(line);
        }
    }
}

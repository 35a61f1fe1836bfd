package org.lnsd.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.lnsd.daemon.control.Words;

/** Words, user names, ids and addresses that may come next: the daemon knows them. */
final class Completion implements Completer {

    private static final List<String> OWN = List.of("exit", "quit", "import");

    private final Shell shell;

    /**
     * A word that may come next.
     *
     * @param word the word
     * @param meaning what it is, empty where it says itself
     */
    record Choice(String word, String meaning) {}

    Completion(Shell shell) { this.shell = shell; }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        List<String> words = new ArrayList<>(line.words().subList(0, line.wordIndex()));
        String begun = line.word().substring(0, line.wordCursor());
        for (Choice choice : choices(words, begun)) {
            candidates.add(new Candidate(choice.word(), choice.word(), null,
                    choice.meaning().isEmpty() ? null : choice.meaning(), null, null, true));
        }
    }

    /** What may follow these words, beginning so. */
    List<Choice> choices(List<String> words, String begun) {
        int bar = words.lastIndexOf("|");
        if (bar >= 0) {
            return bar == words.size() - 1 ? own(Pipe.WORDS, begun) : List.of();
        }
        List<Choice> choices = new ArrayList<>();
        List<String> request = new ArrayList<>(List.of("words"));
        request.addAll(words.stream().filter(word -> !word.equals("--watch")).toList());
        request.add(begun);
        try {
            shell.ask(request, answer -> {
                List<String> parts = Words.split(answer);
                choices.add(new Choice(parts.getFirst(), String.join(" ", parts.subList(1, parts.size()))));
            });
        } catch (IOException gone) {
            return List.of(); // the next command says that the daemon has gone
        }
        if (words.isEmpty()) {
            choices.addAll(own(OWN, begun));
        }
        return choices;
    }

    private static List<Choice> own(List<String> words, String begun) {
        return words.stream().filter(word -> word.startsWith(begun)).map(word -> new Choice(word, "")).toList();
    }
}

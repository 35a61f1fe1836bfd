package org.lnsd.daemon.control;

import java.util.List;

import org.lnsd.daemon.config.NearestWord;

import picocli.CommandLine;

/** Says what is wrong with a command line, in one short line whatever was typed. */
final class UnknownWord {

    private static final int MAXIMUM_CHARACTERS = 60;

    private UnknownWord() {}

    /** The message of picocli, better where the first word that fits nothing can be named. */
    static String describe(CommandLine.ParameterException bad) {
        if (bad instanceof CommandLine.UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()
                && !unmatched.isUnknownOption()) {
            String word = unmatched.getUnmatched().getFirst();
            List<String> known = List.copyOf(bad.getCommandLine().getSubcommands().keySet());
            return "unknown word " + quote(word)
                    + NearestWord.of(word, known).map(near -> ", did you mean " + quote(near) + "?").orElse("");
        }
        return String.valueOf(bad.getMessage());
    }

    private static String quote(String word) {
        return "\"" + (word.length() > MAXIMUM_CHARACTERS ? word.substring(0, MAXIMUM_CHARACTERS) + "..." : word)
                + "\"";
    }
}

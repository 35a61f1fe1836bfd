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
        return plain(String.valueOf(bad.getMessage()));
    }

    /** The library's other messages in an operator's words. */
    private static String plain(String message) {
        return message.replaceFirst("^Missing required parameters?: '?([^']*)'?$", "$1 is missing")
                .replaceFirst("^Missing required parameter for option '(\\S+)' \\((.*)\\)$", "$1 needs a $2")
                .replaceFirst("^Unknown option: '(.*)'$", "unknown option $1")
                .replaceFirst("^Invalid value for positional parameter at index \\d+ \\((.*?)\\): ", "$1: ")
                .replaceFirst("^Invalid value for option '(.*?)'(?: \\(.*?\\))?: ", "$1: ")
                .replaceFirst("is not an int$", "is no number")
                .replaceFirst("expected one of \\[(.*)] \\(case-insensitive\\) but was ('.*')$", "$2 is none of $1");
    }

    private static String quote(String word) {
        return "\"" + (word.length() > MAXIMUM_CHARACTERS ? word.substring(0, MAXIMUM_CHARACTERS) + "..." : word)
                + "\"";
    }
}

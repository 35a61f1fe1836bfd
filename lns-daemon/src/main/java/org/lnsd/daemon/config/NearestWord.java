package org.lnsd.daemon.config;

import java.util.Collection;
import java.util.Optional;

/** Finds the word that somebody may have meant. */
public final class NearestWord {

    private NearestWord() {}

    /** The known word with the fewest edits (at most a third of its length, at least one), or empty. */
    public static Optional<String> of(String word, Collection<String> known) {
        String best = null;
        int bestEdits = Integer.MAX_VALUE;
        for (String candidate : known) {
            int edits = edits(word, candidate);
            if (edits < bestEdits && edits <= Math.max(2, candidate.length() / 3)) {
                best = candidate;
                bestEdits = edits;
            }
        }
        return Optional.ofNullable(best);
    }

    private static int edits(String one, String two) {
        int[] row = new int[two.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == two.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[two.length()];
    }
}

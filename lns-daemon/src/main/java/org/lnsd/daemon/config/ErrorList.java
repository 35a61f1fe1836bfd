package org.lnsd.daemon.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the errors of one file. */
final class ErrorList {

    private static final int MAXIMUM = 1000;

    private final String file;
    private final List<ConfigError> errors = new ArrayList<>();
    private boolean gaveUp;

    ErrorList(String file) { this.file = file; }

    void add(int line, int column, String text) {
        if (errors.size() < MAXIMUM && !gaveUp) {
            errors.add(new ConfigError(file, line, column, text));
        }
    }

    /** Notes why reading ends here: what was wrong before counts no more. */
    void giveUp(int line, String text) {
        errors.clear();
        errors.add(new ConfigError(file, line, 1, text));
        gaveUp = true;
    }

    /** Whether reading has ended before the end. */
    boolean gaveUp() { return gaveUp; }

    boolean isEmpty() { return errors.isEmpty(); }

    /** The errors in the order of the file, each once: some keys are read twice. */
    List<ConfigError> sorted() {
        errors.sort(Comparator.comparingInt(ConfigError::line).thenComparingInt(ConfigError::column));
        return errors.stream().distinct().toList();
    }
}

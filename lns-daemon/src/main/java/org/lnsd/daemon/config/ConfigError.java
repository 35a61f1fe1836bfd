package org.lnsd.daemon.config;

/**
 * One thing wrong with a configuration.
 *
 * @param file the file's name as it was given
 * @param line from 1; 0: the file as a whole
 * @param column from 1; 0: the line as a whole
 * @param text what is wrong, what is expected
 */
public record ConfigError(String file, int line, int column, String text) {

    /** {@code FILE:LINE:COLUMN: what is wrong, what is expected}. */
    @Override
    public String toString() { return file + ":" + line + ":" + column + ": " + text; }
}

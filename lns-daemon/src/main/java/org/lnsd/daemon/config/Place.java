package org.lnsd.daemon.config;

import org.tomlj.TomlPosition;

/**
 * A place in the file, and where errors about it go.
 *
 * @param errors collects them
 * @param lines what the parser's lines are in the file
 * @param line from 1
 * @param column from 1
 */
record Place(ErrorList errors, LineMap lines, int line, int column) {

    /** The beginning of a part of the file. */
    static Place beginning(ErrorList errors, LineMap lines) {
        return new Place(errors, lines, lines.inFile(1), 1);
    }

    /** For values that are read outside of a file; what is wrong with their parts goes nowhere. */
    static Place nowhere() {
        return new Place(new ErrorList(""), LineMap.WHOLE, 0, 0);
    }

    Place at(TomlPosition position) {
        return new Place(errors, lines, lines.inFile(position.line()), position.column());
    }

    void error(String text) { errors.add(line, column, text); }
}

package org.lnsd.daemon.config;

import org.tomlj.TomlPosition;

/**
 * A place in the file, and where errors about it go.
 *
 * @param errors collects them
 * @param line from 1
 * @param column from 1
 */
record Place(ErrorList errors, int line, int column) {

    /** For values that are read outside of a file; what is wrong with their parts goes nowhere. */
    static Place nowhere() {
        return new Place(new ErrorList(""), 0, 0);
    }

    Place at(TomlPosition position) { return new Place(errors, position.line(), position.column()); }

    void error(String text) { errors.add(line, column, text); }
}

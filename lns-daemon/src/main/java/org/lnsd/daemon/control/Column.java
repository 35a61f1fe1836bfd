package org.lnsd.daemon.control;

import java.util.function.Function;

/**
 * A column of a table. What names something is never cut while another column can go: on a narrow terminal those with the highest rank
 * are left out first, and texts are shortened.
 *
 * @param title its heading
 * @param cell what stands in a row
 * @param rank 0: always there; the higher, the sooner it is left out
 * @param text whether it is prose that may be cut
 */
record Column<T>(String title, Function<T, String> cell, int rank, boolean text) {

    /** A column that is always there. */
    static <T> Column<T> of(String title, Function<T, String> cell) {
        return new Column<>(title, cell, 0, false);
    }

    /** A column that is left out where there is no room, the highest rank first. */
    static <T> Column<T> of(String title, int rank, Function<T, String> cell) {
        return new Column<>(title, cell, rank, false);
    }

    /** A column of prose. */
    static <T> Column<T> text(String title, Function<T, String> cell) {
        return new Column<>(title, cell, 0, true);
    }
}

package org.lnsd.daemon.control;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A table of text: columns as wide as the first rows need; on a terminal that is too narrow columns go before anything is cut. */
final class TextTable<T> {

    private static final int SAMPLE_ROWS = 400;
    private static final int MINIMUM_COLUMN = 6;
    private static final int MINIMUM_TEXT = 24;
    private static final String GAP = "  ";

    private final Output output;
    private final List<Place<T>> places;

    /** A column with its width. */
    private static final class Place<T> {
        private final Column<T> column;
        private int width;

        Place(Column<T> column) {
            this.column = column;
            this.width = column.title().length();
        }

        /** The least that it needs so that nothing is lost that names something. */
        int needed() {
            return column.text() ? Math.min(width, MINIMUM_TEXT) : width;
        }
    }

    TextTable(Output output, List<Column<T>> columns) {
        this.output = output;
        this.places = new ArrayList<>(columns.stream().map(Place::new).toList());
    }

    void write(Iterator<T> rows) {
        List<T> sample = new ArrayList<>();
        while (rows.hasNext() && sample.size() < SAMPLE_ROWS) {
            T row = rows.next();
            places.forEach(place -> place.width = Math.max(place.width, place.column.cell().apply(row).length()));
            sample.add(row);
        }
        if (output.width() > 0) {
            leaveOut();
            shorten(true, MINIMUM_TEXT);
            shorten(false, MINIMUM_COLUMN);
        }
        output.line(output.bold(line(places.stream().map(place -> place.column.title()).toList())));
        sample.forEach(this::writeRow);
        rows.forEachRemaining(this::writeRow);
    }

    private void writeRow(T row) {
        output.line(line(places.stream().map(place -> place.column.cell().apply(row)).toList()));
    }

    private int available() { return output.width() - GAP.length() * (places.size() - 1); }

    private void leaveOut() {
        while (places.stream().mapToInt(Place::needed).sum() > available()) {
            Place<T> least = places.getLast();
            for (Place<T> place : places) {
                least = place.column.rank() > least.column.rank() ? place : least;
            }
            if (least.column.rank() == 0) {
                return;
            }
            places.remove(least);
        }
    }

    private void shorten(boolean textsOnly, int minimum) {
        while (places.stream().mapToInt(place -> place.width).sum() > available()) {
            Place<T> widest = null;
            for (Place<T> place : places) {
                boolean may = place.width > minimum && (place.column.text() || !textsOnly);
                widest = may && (widest == null || place.width > widest.width) ? place : widest;
            }
            if (widest == null) {
                return;
            }
            widest.width--;
        }
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            int width = places.get(i).width;
            boolean cut = output.width() > 0 && cell.length() > width;
            line.append(cut ? cell.substring(0, width - 1) + "…" : cell);
            if (i < cells.size() - 1) {
                line.repeat(" ", Math.max(0, width - cell.length())).append(GAP);
            }
        }
        return line.toString();
    }
}

package org.lnsd.daemon.control;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A table of text: columns as wide as the first rows need, cut to the reader's terminal with an ellipsis. */
final class TextTable {

    private static final int SAMPLE_ROWS = 400;
    private static final int MINIMUM_COLUMN = 6;
    private static final String GAP = "  ";

    private final Output output;
    private final List<String> header;
    private final int[] widths;

    TextTable(Output output, List<String> header) {
        this.output = output;
        this.header = header;
        this.widths = new int[header.size()];
    }

    void write(Iterator<List<String>> rows) {
        List<List<String>> sample = new ArrayList<>();
        measure(header);
        while (rows.hasNext() && sample.size() < SAMPLE_ROWS) {
            List<String> row = rows.next();
            measure(row);
            sample.add(row);
        }
        fit();
        output.line(output.bold(format(header)));
        sample.forEach(row -> output.line(format(row)));
        rows.forEachRemaining(row -> output.line(format(row)));
    }

    private void measure(List<String> row) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
        }
    }

    private void fit() {
        int available = output.width() - GAP.length() * (widths.length - 1);
        if (output.width() == 0) {
            return;
        }
        int total = 0;
        for (int width : widths) {
            total += width;
        }
        while (total > available) {
            int widest = 0;
            for (int i = 1; i < widths.length; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            if (widths[widest] <= MINIMUM_COLUMN) {
                return;
            }
            widths[widest]--;
            total--;
        }
    }

    private String format(List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            boolean cut = output.width() > 0 && cell.length() > widths[i];
            line.append(cut ? cell.substring(0, widths[i] - 1) + "…" : cell);
            if (i < widths.length - 1) {
                line.repeat(" ", Math.max(0, widths[i] - cell.length())).append(GAP);
            }
        }
        return line.toString();
    }
}

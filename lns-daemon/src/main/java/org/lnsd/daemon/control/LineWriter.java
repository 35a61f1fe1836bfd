package org.lnsd.daemon.control;

import java.io.Writer;

/** Cuts text into lines for an {@link Output}. */
final class LineWriter extends Writer {

    private final Output output;
    private final StringBuilder line = new StringBuilder();

    LineWriter(Output output) { this.output = output; }

    @Override
    public void write(char[] characters, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (characters[i] == '\n') {
                output.line(line.toString());
                line.setLength(0);
            } else if (characters[i] != '\r') {
                line.append(characters[i]);
            }
        }
    }

    @Override
    public void flush() {
        // complete lines have gone already
    }

    @Override
    public void close() {
        if (!line.isEmpty()) {
            output.line(line.toString());
            line.setLength(0);
        }
    }
}

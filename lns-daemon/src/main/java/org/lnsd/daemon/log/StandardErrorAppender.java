package org.lnsd.daemon.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.Layout;

/** Writes each line to standard error in one write. */
final class StandardErrorAppender extends AppenderBase<ILoggingEvent> {

    private volatile Layout<ILoggingEvent> layout;
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.err);

    StandardErrorAppender(Layout<ILoggingEvent> layout) { this.layout = layout; }

    /** Writes lines in another way from now on. */
    void layout(Layout<ILoggingEvent> next) { layout = next; }

    @Override
    protected void append(ILoggingEvent event) {
        try {
            out.write(layout.doLayout(event).getBytes(StandardCharsets.UTF_8));
        } catch (IOException nobodyReads) {
            addError("standard error is closed", nobodyReads);
        }
    }
}

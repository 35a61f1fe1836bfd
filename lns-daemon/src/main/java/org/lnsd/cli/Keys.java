package org.lnsd.cli;

import java.io.IOException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.utils.NonBlockingReader;

/** Reads single keys. */
final class Keys {

    /** Control-C. */
    static final int INTERRUPT = 3;
    /** Nobody types any more. */
    static final int END = -1;
    /** No key came in time. */
    static final int NONE = NonBlockingReader.READ_EXPIRED;

    private Keys() {}

    /** Waits for a key, or so many milliseconds; 0: for ever. */
    static int read(Terminal terminal, long waitMs) throws IOException {
        Attributes before = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
        terminal.setAttributes(raw);
        try {
            return terminal.reader().read(waitMs);
        } finally {
            terminal.setAttributes(before);
        }
    }
}

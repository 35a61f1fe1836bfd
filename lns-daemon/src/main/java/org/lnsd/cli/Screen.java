package org.lnsd.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the terminal behind standard output can do. Asked of /proc and stty, because a terminal library would double the start time.
 *
 * @param width columns; 0: no terminal
 * @param color whether colours are wanted
 */
record Screen(int width, boolean color) {

    private static final Screen NONE = new Screen(0, false);
    private static final int DEFAULT_WIDTH = 80;

    static Screen detect() {
        if (!isTerminal(1)) {
            return NONE;
        }
        boolean color = System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
        return new Screen(columns(), color);
    }

    /** Whether the file descriptor is a terminal. */
    static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException unknown) {
            return false;
        }
    }

    private static int columns() {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(new java.io.File("/dev/tty")).start();
            String[] size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip()
                    .split(" ", -1);
            return size.length == 2 ? Math.max(20, Integer.parseInt(size[1])) : DEFAULT_WIDTH;
        } catch (IOException | NumberFormatException unknown) {
            return DEFAULT_WIDTH;
        }
    }
}

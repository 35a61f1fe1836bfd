package org.lnsd.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** {@code --watch [SECONDS] WORD...}: the same command again and again, on a cleared screen where there is one. */
final class Watch {

    private static final long MILLIS_PER_SECOND = 1000;

    private Watch() {}

    /** Runs one request. */
    interface Request {
        int run(Connection connection, List<String> words) throws IOException;
    }

    static int run(List<String> words, Screen screen, Request request, Connection connection, PrintStream out)
            throws IOException {
        boolean timed = words.size() > 1 && words.get(1).matches("[0-9]{1,5}");
        long seconds = timed ? Math.max(1, Long.parseLong(words.get(1))) : 2;
        List<String> command = words.subList(timed ? 2 : 1, words.size());
        while (true) {
            out.print(screen.width() > 0 ? "\u001B[H\u001B[2J" : "");
            int code = request.run(connection, command);
            out.flush();
            if (code != 0 || out.checkError()) {
                return code;
            }
            try {
                Thread.sleep(seconds * MILLIS_PER_SECOND);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return code;
            }
        }
    }
}

package org.lnsd.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

import org.lnsd.daemon.control.Words;

/** What {@code lnsctl} becomes without words where nobody types: lines are commands. */
final class Interactive {

    private Interactive() {}

    static int run(Connection connection, PrintStream out, PrintStream error) throws IOException {
        java.io.BufferedReader reader = new java.io.BufferedReader(
                new java.io.InputStreamReader(System.in, java.nio.charset.StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null && !line.strip().equals("exit"); line = reader.readLine()) {
            List<String> words = Words.split(line);
            if (!words.isEmpty()) {
                connection.request(words, out::println, error::println, out::flush);
            }
        }
        return 0;
    }
}

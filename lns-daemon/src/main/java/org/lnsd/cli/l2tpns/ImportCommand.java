package org.lnsd.cli.l2tpns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lnsd.daemon.config.BoundedFile;

/** {@code lnsctl import l2tpns FILE}: needs no daemon. The file goes to standard output, what could not be carried over to standard error. */
public final class ImportCommand {

    private static final String USAGE = "usage: lnsctl import l2tpns FILE|DIRECTORY (l2tpns's is /etc/l2tpns)";
    private static final int MAXIMUM_BYTES = 64 << 20;
    private static final String STARTUP_CONFIG = "startup-config";

    private ImportCommand() {}

    /** Returns the exit code: 0 done, 1 the files cannot be read, 2 bad usage. */
    public static int run(List<String> words, PrintStream out, PrintStream error) {
        if (words.size() != 3 || !words.get(1).equals("l2tpns")) {
            error.println("lnsctl: " + USAGE);
            return 2;
        }
        Path named = Path.of(words.get(2));
        Path main = Files.isDirectory(named) ? named.resolve(STARTUP_CONFIG) : named;
        try {
            StartupConfig config = new StartupConfig(String.valueOf(main.getFileName()), lines(main));
            Draft draft = Importer.run(config, statements(main.resolveSibling("ip_pool")),
                    statements(main.resolveSibling("users")).stream().map(ImportCommand::withoutPassword).toList());
            out.print(draft.toToml());
            draft.remarks().forEach(remark -> error.println("lnsctl: " + remark));
            return 0;
        } catch (IOException unreadable) {
            error.println("lnsctl: cannot read " + main + " (" + describe(unreadable) + ")");
            return 1;
        }
    }

    private static String describe(IOException unreadable) {
        return switch (unreadable) {
            case NoSuchFileException _ -> "it does not exist";
            case AccessDeniedException _ -> "permission denied";
            default -> BoundedFile.describe(unreadable);
        };
    }

    // l2tpns knows octets only; ISO 8859-1 takes whatever stands there.
    private static List<String> lines(Path file) throws IOException {
        return BoundedFile.read(file, ISO_8859_1, MAXIMUM_BYTES).lines().toList();
    }

    private static List<Statement> statements(Path file) throws IOException {
        List<Statement> statements = new ArrayList<>();
        List<String> lines = Files.isReadable(file) ? lines(file) : List.of();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                statements.add(new Statement(String.valueOf(file.getFileName()), i + 1, Statement.split(line)));
            }
        }
        return statements;
    }

    private static Statement withoutPassword(Statement login) {
        String name = login.word(0);
        int colon = name.indexOf(':');
        return new Statement(login.file(), login.line(), List.of(colon < 0 ? name : name.substring(0, colon)));
    }
}

package org.lnsd.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code trace ... --pcap FILE}: the file is the client's, the daemon sends what belongs in it. */
final class Capture implements AutoCloseable {

    private static final String OPTION = "--pcap";

    private final List<String> words;
    private final @Nullable OutputStream file;

    private Capture(List<String> words, @Nullable OutputStream file) {
        this.words = words;
        this.file = file;
    }

    /**
     * Takes the file's name out of the words.
     *
     * @throws IOException in words for people, when the file cannot be written or is not named
     */
    static Capture of(List<String> words) throws IOException {
        boolean trace = words.contains("trace");
        int option = words.indexOf(OPTION);
        int assigned = -1;
        for (int i = 0; i < words.size(); i++) {
            assigned = words.get(i).startsWith(OPTION + "=") ? i : assigned;
        }
        if (!trace || option < 0 && assigned < 0) {
            return new Capture(words, null);
        }
        List<String> rest = new ArrayList<>(words);
        String name;
        if (assigned >= 0) {
            name = rest.set(assigned, OPTION).substring(OPTION.length() + 1);
        } else if (option + 1 < rest.size()) {
            name = rest.remove(option + 1);
        } else {
            throw new IOException(OPTION + " needs a FILE");
        }
        try {
            return new Capture(rest, Files.newOutputStream(Path.of(name)));
        } catch (IOException refused) {
            throw new IOException("cannot write " + name + ": " + switch (refused) {
                case NoSuchFileException _ -> "no such directory";
                case AccessDeniedException _ -> "permission denied";
                default -> String.valueOf(refused.getMessage());
            }, refused);
        }
    }

    /** The words for the daemon. */
    List<String> words() { return words; }

    /** Writes a piece of the file. */
    void packet(String base64) throws IOException {
        if (file != null && !base64.isEmpty()) {
            file.write(Base64.getDecoder().decode(base64));
            file.flush();
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}

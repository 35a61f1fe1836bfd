package org.lnsd.daemon.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads {@code secret} or {@code secret-file}, whichever is given. */
final class SecretReader {

    private static final int MAXIMUM_BYTES = 4096;

    private SecretReader() {}

    /** The secret, or empty where neither is given. */
    static Optional<Secret> optional(TableReader in, Key<Secret> inline, Key<Path> file) {
        if (in.has(inline) && in.has(file)) {
            in.placeOf(file).error(
                    "both \"" + inline.name() + "\" and \"" + file.name() + "\" are given, one of them expected");
            return Optional.empty();
        }
        return in.has(file) ? in.optional(file).flatMap(path -> fromFile(in.placeOf(file), path)) : in.optional(inline);
    }

    /** The secret; an error where neither is given. */
    static Secret required(TableReader in, Key<Secret> inline, Key<Path> file) {
        if (!in.has(inline) && !in.has(file)) {
            in.place().error("key \"" + inline.name() + "\" is missing, \"" + inline.name() + "\" or \"" + file.name()
                    + "\" expected");
        }
        return optional(in, inline, file).orElse(inline.fallback());
    }

    private static Optional<Secret> fromFile(Place place, Path path) {
        try {
            String text = BoundedFile.read(path, UTF_8, MAXIMUM_BYTES).lines().findFirst().orElse("");
            if (text.isEmpty()) {
                place.error("secret file " + path + " is empty, the secret on its first line expected");
                return Optional.empty();
            }
            return Optional.of(Secret.of(text));
        } catch (IOException unreadable) {
            place.error("secret file " + path + " " + Unreadable.describe(unreadable));
            return Optional.empty();
        }
    }
}

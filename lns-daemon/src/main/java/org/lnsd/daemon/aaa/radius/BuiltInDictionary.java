package org.lnsd.daemon.aaa.radius;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.lnsd.radius.Dictionary;

/** Reads the dictionary that comes with lnsd; the protocol's package itself does no input. */
final class BuiltInDictionary {

    private BuiltInDictionary() {}

    static Dictionary read() {
        try (InputStream file = Objects.requireNonNull(Dictionary.class.getResourceAsStream("dictionary"),
                "the resource dictionary is missing")) {
            return Dictionary.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}

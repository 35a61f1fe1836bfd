package org.lnsd.daemon.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says why a file cannot be read, and what is expected of it. */
final class Unreadable {

    private Unreadable() {}

    static String describe(IOException why) {
        return switch (why) {
            case BoundedFile.Unusable unusable -> String.valueOf(unusable.getMessage());
            case NoSuchFileException _ -> "does not exist, a readable file expected";
            case AccessDeniedException _ -> "may not be read, read permission expected";
            case CharacterCodingException _ -> "is not UTF-8, UTF-8 text expected";
            case FileSystemException system when system.getReason() != null ->
                "cannot be read (" + system.getReason() + "), a readable file expected";
            default -> "cannot be read (" + why.getMessage() + "), a readable file expected";
        };
    }
}

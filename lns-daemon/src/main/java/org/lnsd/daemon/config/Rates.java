package org.lnsd.daemon.config;

import java.util.Optional;

/** Rates as people write them. */
public final class Rates {

    /** The smallest limit that a line can have, in bit/s. */
    public static final long MINIMUM_BPS = 64_000;
    /** The largest limit that a line can have, in bit/s. */
    public static final long MAXIMUM_BPS = 10_000_000_000L;

    private Rates() {}

    /** Reads a rate such as {@code 20Mbit/s}, in bit/s; empty: it is none, or not one that a line can have. */
    public static Optional<Long> parse(String text) {
        try {
            return Optional.of(ValueTypes.rate().read(text, new Place(new ErrorList(""), 0, 0)));
        } catch (BadValue noRate) {
            return Optional.empty();
        }
    }
}

package org.lnsd.daemon.config;

import java.util.Optional;

/** Rates and volumes as people write them. */
public final class Rates {

    /** The smallest limit that a line can have, in bit/s. */
    public static final long MINIMUM_BPS = 64_000;
    /** The largest limit that a line can have, in bit/s. */
    public static final long MAXIMUM_BPS = 10_000_000_000L;
    /** The largest part of a line's speed, in percent. */
    public static final int MAXIMUM_PERCENT = 200;

    /** The smallest volume that a session can be limited to, in bytes. */
    public static final long MINIMUM_VOLUME_BYTES = 1_000_000;
    /** The largest volume that a session can be limited to, in bytes. */
    public static final long MAXIMUM_VOLUME_BYTES = 1_000_000_000_000_000L;

    private Rates() {}

    /** Reads a volume in bytes such as {@code 50GB}; empty: it is none, or not one that a session can have. */
    public static Optional<Long> parseVolume(String text) {
        try {
            return Optional.of(ValueTypes.volume().read(text, Place.nowhere()));
        } catch (BadValue noVolume) {
            return Optional.empty();
        }
    }

    /** Reads a rate such as {@code 20Mbit/s}, or {@code 90%} of a line's speed; empty: it is none, or not one that a line can have. */
    public static Optional<LineRate> parse(String text) {
        try {
            return Optional.of(ValueTypes.lineRate().read(text, Place.nowhere()));
        } catch (BadValue noRate) {
            return Optional.empty();
        }
    }
}

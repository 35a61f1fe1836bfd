package org.lnsd.daemon.control;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

import org.lnsd.daemon.net.IpPrefix;

/** Numbers as people read them. */
final class Format {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS")
            .withZone(ZoneId.systemDefault());

    private Format() {}

    /** {@code 3d04h}, {@code 2h05m}, {@code 1m09s} or {@code 12s}. */
    static String seconds(long seconds) {
        if (seconds >= 86_400) {
            return String.format("%dd%02dh", seconds / 86_400, seconds % 86_400 / 3600);
        }
        if (seconds >= 3600) {
            return String.format("%dh%02dm", seconds / 3600, seconds % 3600 / 60);
        }
        return seconds >= 60 ? String.format("%dm%02ds", seconds / 60, seconds % 60) : seconds + "s";
    }

    /** Octets with a binary unit. */
    static String octets(long octets) {
        return scaled(octets, 1024, "B", "KiB", "MiB", "GiB", "TiB", "PiB");
    }

    /** Bits a second with a decimal unit. */
    static String rate(long bitsPerSecond) {
        return scaled(bitsPerSecond, 1000, "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s");
    }

    private static String scaled(long value, int step, String... units) {
        double rest = value;
        int unit = 0;
        while (rest >= step && unit < units.length - 1) {
            rest /= step;
            unit++;
        }
        return unit == 0 ? value + " " + units[0] : String.format(Locale.ROOT, "%.1f %s", rest, units[unit]);
    }

    /** The text, or {@code -} for none. */
    static String orDash(String text) { return text.isEmpty() ? "-" : text; }

    /** The prefix, or {@code -} for none. */
    static String orDash(Optional<IpPrefix> prefix) {
        return prefix.map(IpPrefix::toString).orElse("-");
    }

    /** Local time to the millisecond. */
    static String time(long timeMs) {
        return TIME.format(Instant.ofEpochMilli(timeMs));
    }
}

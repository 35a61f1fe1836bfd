package org.lnsd.daemon.aaa.radius;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.lnsd.daemon.aaa.RateLimit;
import org.lnsd.daemon.config.Rates;

/** Rates as vendors write them into text attributes. */
final class RateText {
    // At most 12 digits: a terabit is enough, and no product overflows.
    private static final Pattern RATE = Pattern.compile("(?:.*[-_ ])?(\\d{1,12})([kKmMgG]?)(?:bit|bps|b)?(?:/s)?");
    private static final Pattern PERCENT = Pattern.compile("(?:.*[-_ ])?(\\d{1,4})%");
    private static final Pattern CISCO_RATE_LIMIT = Pattern
            .compile("rate-limit (input|output)(?: access-group \\d{1,9})? (\\d{1,12})(?: (\\d{1,12}))?.*");

    private RateText() {}

    /** One rate: a number, perhaps with k, M or G, perhaps behind a name ({@code rate-20M}), or a part of the line's speed ({@code 90%}). */
    static Optional<RateLimit> parse(String text) {
        Matcher percent = PERCENT.matcher(text.strip());
        if (percent.matches()) {
            int value = Integer.parseInt(percent.group(1));
            return value > 0 && value <= Rates.MAXIMUM_PERCENT
                    ? Optional.of(RateLimit.ofPercent(value))
                    : Optional.empty();
        }
        Matcher rate = RATE.matcher(text.strip());
        if (!rate.matches()) {
            return Optional.empty();
        }
        long factor = switch (rate.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 1_000;
            case "m" -> 1_000_000;
            case "g" -> 1_000_000_000;
            default -> 1;
        };
        long bps = Math.min(Long.parseLong(rate.group(1)), 1_000_000_000_000L / factor) * factor;
        return bps > 0 ? Optional.of(new RateLimit(bps, 0)) : Optional.empty();
    }

    /**
     * Rates both ways.
     *
     * @param up from the subscriber
     * @param down to the subscriber
     */
    record Pair(Optional<RateLimit> up, Optional<RateLimit> down) {}

    /** Mikrotik-Rate-Limit: {@code rx[/tx] [burst...]}; rx is what the router receives, which is the subscriber's upload. */
    static Pair parseMikrotik(String text) {
        String[] rates = text.strip().split("[ /]", -1);
        boolean both = text.strip().split(" ", 2)[0].contains("/");
        Optional<RateLimit> up = parse(rates[0]);
        return new Pair(up, both ? parse(rates[1]) : up);
    }

    /** IOS {@code rate-limit input|output [access-group N] BPS [BURST ...]}; output is towards the subscriber, bursts are bytes. */
    static Pair parseCiscoRateLimit(String text) {
        Matcher command = CISCO_RATE_LIMIT.matcher(text.strip());
        if (!command.matches()) {
            return new Pair(Optional.empty(), Optional.empty());
        }
        long burstBytes = command.group(3) == null ? 0 : Long.parseLong(command.group(3));
        RateLimit limit = new RateLimit(Long.parseLong(command.group(2)), burstBytes);
        return command.group(1).equals("input")
                ? new Pair(Optional.of(limit), Optional.empty())
                : new Pair(Optional.empty(), Optional.of(limit));
    }
}

package org.lnsd.daemon.aaa.radius;

import java.util.Locale;
import java.util.Optional;

import org.lnsd.daemon.aaa.LineRules;
import org.lnsd.daemon.aaa.ProfileBuilder;
import org.lnsd.daemon.aaa.RateLimit;
import org.lnsd.daemon.intercept.InterceptTarget;

/**
 * Cisco-AVPair: {@code lcp:interface-config[#N]=rate-limit output BPS ...}, {@code lcp:interface-config[#N]=service-policy output NAME},
 * {@code ip:sub-qos-policy-in|out=NAME}, {@code ip:addr-pool=NAME},
 * {@code intercept=ADDRESS:PORT}. A policy whose name ends in a rate ({@code 20M}, {@code rate-512k}) is
 * that rate, any other name is a filter's.
 */
final class CiscoAvPair {
    private CiscoAvPair() {}

    /** Reads one pair; false: it says nothing that we know. */
    static boolean read(String pair, ProfileBuilder profile) {
        int equals = pair.indexOf('=');
        if (equals < 0) {
            return false;
        }
        String name = pair.substring(0, equals).strip().toLowerCase(Locale.ROOT).replaceFirst("#\\d+$", "");
        String value = pair.substring(equals + 1).strip();
        return switch (name) {
            case "lcp:interface-config" -> interfaceConfig(value, profile);
            case "ip:sub-qos-policy-in", "sub-qos-policy-in", "subscriber:sub-qos-policy-in" -> in(value, profile);
            case "ip:sub-qos-policy-out", "sub-qos-policy-out", "subscriber:sub-qos-policy-out" -> out(value, profile);
            case "intercept" -> intercept(value, profile);
            case "ip:addr-pool" -> pool(value, profile);
            default -> false;
        };
    }

    private static boolean interfaceConfig(String command, ProfileBuilder profile) {
        String[] words = command.split("\\s+", -1);
        if (words.length >= 3 && words[0].equals("service-policy")) {
            return words[1].equals("input")
                    ? in(words[2], profile)
                    : words[1].equals("output") && out(words[2], profile);
        }
        return ProfileReader.setRates(RateText.parseCiscoRateLimit(command), profile);
    }

    private static boolean in(String name, ProfileBuilder profile) {
        policyIn(name, profile);
        return !name.isEmpty();
    }

    private static boolean out(String name, ProfileBuilder profile) {
        policyOut(name, profile);
        return !name.isEmpty();
    }

    // As l2tpns: intercept=ADDRESS:PORT
    private static boolean intercept(String target, ProfileBuilder profile) {
        boolean off = target.equals("off") || target.equals("none");
        boolean known = off || InterceptTarget.parse(target).isPresent();
        if (known) {
            profile.line(LineRules.ofIntercept(off ? "" : target));
        }
        return known;
    }

    private static boolean pool(String name, ProfileBuilder profile) {
        profile.pool(name);
        return !name.isEmpty();
    }

    /** A policy for what comes from the subscriber. */
    static void policyIn(String name, ProfileBuilder profile) {
        Optional<RateLimit> rate = RateText.parse(name);
        rate.ifPresentOrElse(profile::rateUp, () -> profile.filterIn(name));
    }

    /** A policy for what goes to the subscriber. */
    static void policyOut(String name, ProfileBuilder profile) {
        Optional<RateLimit> rate = RateText.parse(name);
        rate.ifPresentOrElse(profile::rateDown, () -> profile.filterOut(name));
    }
}

package org.lnsd.lac;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with at most one number in it: {@code user%d@example.net}, {@code 0301%05d}. A doubled {@code %%} is a percent sign.
 *
 * @param prefix   what comes before the number
 * @param suffix   what comes after it
 * @param width    digits of the number at least, filled with zeros; 0 for as many as it takes
 * @param numbered whether there is a number at all
 */
public record NamePattern(String prefix, String suffix, int width, boolean numbered) {

    private static final int MAXIMUM_WIDTH = 20;
    private static final Pattern NUMBER = Pattern.compile("(?<!%)(?:%%)*(%(0(\\d{1,2}))?d)");

    /**
     * Reads a pattern.
     *
     * @param text as given on the command line
     * @return the pattern
     * @throws IllegalArgumentException if there is more than one number or an unknown {@code %} word
     */
    public static NamePattern parse(String text) {
        Matcher number = NUMBER.matcher(text);
        if (!number.find()) {
            return new NamePattern(literal(text, text), "", 0, false);
        }
        String digits = number.group(3);
        int width = digits == null ? 0 : Integer.parseInt(digits);
        if (width > MAXIMUM_WIDTH) {
            throw new IllegalArgumentException("width " + width + " > " + MAXIMUM_WIDTH + " in \"" + text + "\"");
        }
        return new NamePattern(literal(text.substring(0, number.start(1)), text),
                literal(text.substring(number.end(1)), text), width, true);
    }

    /**
     * Fills the number in.
     *
     * @param number usually of the subscriber, counted from 1
     * @return the text
     */
    public String format(int number) {
        if (!numbered) {
            return prefix;
        }
        String digits = Integer.toString(number);
        return prefix + "0".repeat(Math.max(0, width - digits.length())) + digits + suffix;
    }

    private static String literal(String part, String whole) {
        String unescaped = part.replace("%%", "");
        if (unescaped.indexOf('%') >= 0) {
            throw new IllegalArgumentException("\"" + whole + "\" may hold one %d or %0Nd, and %% for a percent sign");
        }
        return part.replace("%%", "%");
    }
}

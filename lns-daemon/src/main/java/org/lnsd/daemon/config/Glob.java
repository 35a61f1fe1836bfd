package org.lnsd.daemon.config;

/** A pattern where {@code *} stands for any characters and {@code ?} for one. Case does not matter. */
public final class Glob {

    private final String text;

    private Glob(String text) { this.text = text; }

    /** The pattern of that text. */
    public static Glob of(String text) { return new Glob(text); }

    /** Whether the whole candidate fits; time is bounded by the product of the two lengths. */
    public boolean matches(String candidate) {
        int star = -1;
        int resume = 0;
        int at = 0;
        int next = 0;
        while (next < candidate.length()) {
            if (at < text.length() && text.charAt(at) == '*') {
                star = at++;
                resume = next;
            } else if (at < text.length() && fits(text.charAt(at), candidate.charAt(next))) {
                at++;
                next++;
            } else if (star >= 0) {
                at = star + 1;
                next = ++resume;
            } else {
                return false;
            }
        }
        while (at < text.length() && text.charAt(at) == '*') {
            at++;
        }
        return at == text.length();
    }

    private static boolean fits(char pattern, char character) {
        return pattern == '?' || Character.toLowerCase(pattern) == Character.toLowerCase(character);
    }

    @Override
    public boolean equals(Object other) { return other instanceof Glob glob && text.equals(glob.text); }

    @Override
    public int hashCode() { return text.hashCode(); }

    @Override
    public String toString() { return text; }
}

package org.lnsd.l2tp.control;

/** Sequence numbers modulo 65,536 (RFC 2661 section 5.8). */
public final class SerialNumber {
    private SerialNumber() {}

    /** How far {@code number} is ahead of {@code reference}: -32,768 to 32,767. */
    public static int distance(int number, int reference) {
        return (short) (number - reference);
    }

    /** The number {@code steps} after {@code number}. */
    public static int plus(int number, int steps) {
        return (number + steps) & 0xffff;
    }
}

package org.lnsd.l2tp.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Values that are two numbers and a text: Result Code, Q.931 Cause Code, PPP Disconnect Cause Code. */
final class ResultBytes {
    /** What an AVP can carry even when it is hidden. */
    static final int MAXIMUM_BYTES = 1000;

    private ResultBytes() {}

    static byte[] of(String text, long first, int firstBytes, long second, int secondBytes) {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        int numbers = firstBytes + secondBytes;
        byte[] value = Arrays.copyOf(new byte[0], numbers + Math.min(message.length, MAXIMUM_BYTES));
        put(value, 0, first, firstBytes);
        put(value, firstBytes, second, secondBytes);
        System.arraycopy(message, 0, value, numbers, value.length - numbers);
        return value;
    }

    private static void put(byte[] into, int index, long number, int lengthBytes) {
        for (int octet = 0; octet < lengthBytes; octet++) {
            into[index + octet] = (byte) (number >> (8 * (lengthBytes - 1 - octet)));
        }
    }
}

package org.lnsd.lac;

import java.util.Locale;

/**
 * One measurement: UDP one way for some seconds.
 *
 * @param up              from the subscribers to the Internet, or the other way
 * @param payloadBytes    UDP payload of each packet; {@link #IMIX} for the mix
 * @param packetsPerSecond of all subscribers together; 0 for as many as go
 * @param train           packets of one subscriber in a row
 * @param seconds         duration
 */
record TrafficStep(boolean up, int payloadBytes, int packetsPerSecond, int train, int seconds) {

    /** 7 packets of 12 with 12 bytes more than the smallest, 4 of 12 with 548, 1 of 12 with 1,400. */
    static final int IMIX = -1;
    /** Room for the mark, the subscriber, the sequence number and the time. */
    static final int MINIMUM_PAYLOAD_BYTES = 24;
    static final int MAXIMUM_PAYLOAD_BYTES = 1472;
    private static final int MAXIMUM_TRAIN = 64;

    TrafficStep {
        if (payloadBytes != IMIX && (payloadBytes < MINIMUM_PAYLOAD_BYTES || payloadBytes > MAXIMUM_PAYLOAD_BYTES)) {
            throw new IllegalArgumentException("payload of " + payloadBytes + " bytes is not " + MINIMUM_PAYLOAD_BYTES
                    + " to " + MAXIMUM_PAYLOAD_BYTES);
        }
        if (train < 1 || train > MAXIMUM_TRAIN || seconds < 1 || packetsPerSecond < 0) {
            throw new IllegalArgumentException(
                    "train 1 to " + MAXIMUM_TRAIN + ", seconds at least 1 and pps at least 0 expected");
        }
    }

    /**
     * Reads {@code up,64,pps=100000,train=16,seconds=3}: direction and payload size (or {@code imix}), then what differs from 10,000 packets a
     * second one by one for 3 seconds; {@code pps=max} for as many as go.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static TrafficStep parse(String text) {
        String[] words = text.toLowerCase(Locale.ROOT).split(",", -1);
        if (words.length < 2 || !(words[0].equals("up") || words[0].equals("down"))) {
            throw new IllegalArgumentException("\"" + text + "\" does not begin with up,SIZE or down,SIZE");
        }
        int payloadBytes = words[1].equals("imix") ? IMIX : number(words[1], text);
        int packetsPerSecond = 10_000;
        int train = 1;
        int seconds = 3;
        for (int index = 2; index < words.length; index++) {
            String[] pair = words[index].split("=", 2);
            String value = pair.length == 2 ? pair[1] : "";
            switch (pair[0]) {
                case "pps" -> packetsPerSecond = value.equals("max") ? 0 : number(value, text);
                case "train" -> train = number(value, text);
                case "seconds" -> seconds = number(value, text);
                default -> throw new IllegalArgumentException(
                        "\"" + pair[0] + "\" in \"" + text + "\" is none of pps, train, seconds");
            }
        }
        return new TrafficStep(words[0].equals("up"), payloadBytes, packetsPerSecond, train, seconds);
    }

    /** Returns the payload size of the packet with that number. */
    int payloadBytes(long packet) {
        if (payloadBytes != IMIX) {
            return payloadBytes;
        }
        int place = (int) Math.floorMod(packet, 12L);
        return place < 7 ? 36 : place < 11 ? 548 : 1400;
    }

    @Override
    public String toString() {
        return (up ? "up " : "down ") + (payloadBytes == IMIX ? "imix" : payloadBytes + " B")
                + (train > 1 ? " trains of " + train : "");
    }

    private static int number(String digits, String text) {
        if (!digits.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("\"" + digits + "\" in \"" + text + "\" is no number");
        }
        return Integer.parseInt(digits);
    }
}

package org.lnsd.ppp.option;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A list of Configuration Options on the wire. */
public final class Options {
    private Options() {}

    /**
     * Borrows the buffer and reads options to its end. Total: an option whose length is below 2 or runs over the end makes
     * the whole list undecodable.
     *
     * @return the options in order, or empty if they cannot be told apart
     */
    public static Optional<List<Option>> decode(ByteBuf from) {
        var options = new ArrayList<Option>(6);
        while (from.isReadable()) {
            if (from.readableBytes() < Option.HEADER_BYTES) {
                return Optional.empty();
            }
            int type = from.readUnsignedByte();
            int dataBytes = from.readUnsignedByte() - Option.HEADER_BYTES;
            if (dataBytes < 0 || dataBytes > from.readableBytes()) {
                return Optional.empty();
            }
            options.add(Option.read(type, from, dataBytes));
        }
        return Optional.of(options);
    }

    /** Borrows the buffer and appends the options to it. */
    public static void encode(List<Option> options, ByteBuf to) {
        for (Option option : options) {
            option.write(to);
        }
    }

    /** Returns the octets that {@link #encode} writes. */
    public static int encodedBytes(List<Option> options) {
        int bytes = 0;
        for (Option option : options) {
            bytes += Option.HEADER_BYTES + option.dataBytes();
        }
        return bytes;
    }

    /** Returns the first option of that type. */
    public static Optional<Option> find(List<Option> options, int type) {
        for (Option option : options) {
            if (option.type() == type) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    /** Tells whether all of {@code part} occur in {@code whole} unchanged and in the same order (RFC 1661 section 5.4). */
    public static boolean isOrderedSubset(List<Option> part, List<Option> whole) {
        int next = 0;
        for (Option option : whole) {
            if (next < part.size() && part.get(next).equals(option)) {
                next++;
            }
        }
        return next == part.size();
    }
}

package org.lnsd.daemon.loop;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Numbers of a {@link SecureRandom}, drawn many at a time: as hard to foretell, at a fraction of the work. Safe from any thread. */
public final class DrawnRandom implements RandomGenerator {
    private static final int DRAWN_BYTES = 512;

    private final RandomGenerator source;
    private final byte[] octets = new byte[DRAWN_BYTES];
    private final ByteBuffer drawn = ByteBuffer.wrap(octets).limit(0);

    /** Numbers of a source of its own. */
    public DrawnRandom() { this(new SecureRandom()); }

    DrawnRandom(RandomGenerator source) { this.source = source; }

    @Override
    public synchronized long nextLong() {
        if (!drawn.hasRemaining()) {
            source.nextBytes(octets);
            drawn.clear();
        }
        int at = drawn.position();
        long number = drawn.getLong();
        drawn.putLong(at, 0); // what has been given away is not kept
        return number;
    }
}

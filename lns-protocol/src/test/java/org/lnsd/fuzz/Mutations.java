package org.lnsd.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Feeds a target with legal inputs of which some octets are changed, cut or added, and watches what it allocates.
 * {@code -Dlnsd.mutations=10000000} sets how many; the seed is printed.
 */
public final class Mutations {
    private static final int MUTATIONS = Integer.getInteger("lnsd.mutations", 20_000);
    private static final int BATCH = 1_000;
    private static final int WARM_UP = 10 * BATCH;

    private Mutations() {}

    /**
     * Runs all mutations.
     *
     * @param target takes an input and returns whether it was refused; throws nothing
     * @param fixedBytes allowed to be allocated for any input
     * @param bytesPerOctet allowed in addition for each octet of the input
     */
    public static void run(String name, List<byte[]> corpus, int fixedBytes, int bytesPerOctet,
            Predicate<byte[]> target) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long refused = 0;
        long allocatedBytes = 0;
        long allowedBytes = 0;
        long startNs = System.nanoTime();
        for (int run = 0; run < MUTATIONS; run++) {
            byte[] input = mutate(corpus.get(random.nextInt(corpus.size())), random);
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                refused += target.test(input) ? 1 : 0;
            } catch (RuntimeException thrown) {
                throw new AssertionError(name + " seed " + seed + " input " + java.util.HexFormat.of().formatHex(input),
                        thrown);
            }
            allocatedBytes += threads.getCurrentThreadAllocatedBytes() - before;
            allowedBytes += fixedBytes + (long) bytesPerOctet * input.length;
            if (run % BATCH == 0) {
                assertThat(allocatedBytes).as("%s: allocated up to run %d, seed %d", name, run, seed)
                        .isLessThan(run < WARM_UP ? Long.MAX_VALUE : allowedBytes); // at first classes are loaded
                allocatedBytes = 0;
                allowedBytes = 0;
            }
        }
        System.out.printf("%s: %d mutations in %.1f s, %d refused, seed %d%n", name, MUTATIONS,
                (System.nanoTime() - startNs) / 1e9, refused, seed);
    }

    private static byte[] mutate(byte[] original, SplittableRandom random) {
        byte[] input = switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(original, random.nextInt(original.length + 1));
            case 1 -> Arrays.copyOf(original, original.length + random.nextInt(1, 40));
            default -> original.clone();
        };
        for (int changes = random.nextInt(4); changes > 0 && input.length > 0; changes--) {
            int index = random.nextInt(input.length);
            switch (random.nextInt(4)) {
                case 0 -> input[index] ^= (byte) (1 << random.nextInt(8));
                case 1 -> input[index] = (byte) random.nextInt();
                case 2 -> input[index] += (byte) (random.nextBoolean() ? 1 : -1);
                default -> input[index] = (byte) (random.nextBoolean() ? 0 : 0xff);
            }
        }
        return input;
    }
}

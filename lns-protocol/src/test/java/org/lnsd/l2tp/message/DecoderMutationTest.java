package org.lnsd.l2tp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.lnsd.l2tp.avp.AvpHiding;
import org.lnsd.l2tp.avp.Secret;

import io.netty.buffer.Unpooled;

/**
 * Legal messages with some octets changed, cut or inserted: each decodes to a message or to a typed fault, and what is allocated stays
 * in proportion. {@code -Dlnsd.mutations=10000000} sets how many.
 */
class DecoderMutationTest {
    private static final int MUTATIONS = Integer.getInteger("lnsd.mutations", 50_000);
    private static final Secret SECRET = Secret.of("s3cret");
    /** Tables of fixed size, the fault's text, a digest. */
    private static final long FIXED_BYTES = 2_048;
    private static final long BYTES_PER_INPUT_BYTE = 16;
    private static final int BATCH = 1_000;

    @Test
    void anyMutationIsAMessageOrAFault() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> corpus = corpus(seed);
        MessageDecoder decoder = new MessageDecoder(new AvpHiding(SECRET), true);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory
                .getThreadMXBean();
        long faulty = 0;
        long allocatedBytes = 0;
        long allowedBytes = 0;
        long startNs = System.nanoTime();
        for (int run = 0; run < MUTATIONS; run++) {
            byte[] input = mutate(corpus.get(random.nextInt(corpus.size())), random);
            long before = threads.getCurrentThreadAllocatedBytes();
            Decoded decoded = decoder.decode(Unpooled.wrappedBuffer(input), 12, input.length - 12);
            allocatedBytes += threads.getCurrentThreadAllocatedBytes() - before;
            allowedBytes += FIXED_BYTES + BYTES_PER_INPUT_BYTE * input.length;
            faulty += decoded instanceof Decoded.Message ? 0 : 1;
            if ((run & 7) == 0) {
                SccrqPeek.of(Unpooled.wrappedBuffer(input), Optional.of(SECRET));
            }
            if (run % BATCH == 0) {
                // In the first inputs classes are loaded and call sites linked.
                assertThat(allocatedBytes).as("allocated up to run %d, seed %d", run, seed)
                        .isLessThan(run < 5 * BATCH ? Long.MAX_VALUE : allowedBytes);
                allocatedBytes = 0;
                allowedBytes = 0;
            }
        }
        System.out.printf("decoder: %d mutations in %.1f s, %d refused, seed %d%n", MUTATIONS,
                (System.nanoTime() - startNs) / 1e9, faulty, seed);
        assertThat(faulty).isPositive();
    }

    private static List<byte[]> corpus(long seed) {
        RandomMessages messages = new RandomMessages(seed);
        MessageEncoder plain = MessageEncoder.plain();
        MessageEncoder hiding = new MessageEncoder(new AvpHiding(SECRET), new SplittableRandom(seed));
        List<byte[]> corpus = new ArrayList<>();
        for (MessageType type : MessageType.values()) {
            for (int index = 0; index < 8; index++) {
                corpus.add(plain.encode(messages.of(type), 0, 0));
                corpus.add(hiding.encode(messages.of(type), 0, 0));
            }
        }
        return corpus;
    }

    private static byte[] mutate(byte[] original, SplittableRandom random) {
        int cut = random.nextInt(8) == 0 ? random.nextInt(original.length - 12) : 0;
        byte[] input = Arrays.copyOf(original, original.length - cut);
        for (int changes = random.nextInt(4); changes >= 0 && input.length > 12; changes--) {
            int index = 12 + random.nextInt(input.length - 12);
            switch (random.nextInt(3)) {
                case 0 -> input[index] ^= (byte) (1 << random.nextInt(8));
                case 1 -> input[index] = (byte) random.nextInt();
                default -> input[index] = (byte) (random.nextBoolean() ? 0 : 0xff);
            }
        }
        return input;
    }
}

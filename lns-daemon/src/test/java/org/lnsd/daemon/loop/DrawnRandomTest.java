package org.lnsd.daemon.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Nothing of what the source gives is lost, and nothing is given twice. */
class DrawnRandomTest {

    private static final class Counted implements RandomGenerator {
        private final Random random = new Random(5);
        private final List<Long> given = new ArrayList<>();
        private int draws;

        @Override
        public long nextLong() { throw new AssertionError("octets are drawn, not numbers"); }

        @Override
        public void nextBytes(byte[] octets) {
            draws++;
            random.nextBytes(octets);
            ByteBuffer drawn = ByteBuffer.wrap(octets.clone());
            while (drawn.hasRemaining()) {
                given.add(drawn.getLong());
            }
        }
    }

    @Test
    void theSourcesOctetsAreGivenOnceAndInOrder() {
        Counted source = new Counted();
        DrawnRandom random = new DrawnRandom(source);
        List<Long> numbers = LongStream.generate(random::nextLong).limit(192).boxed().toList();
        assertThat(numbers).isEqualTo(source.given);
        assertThat(source.draws).isEqualTo(3);
    }

    @Test
    void ofASecureSourceAllDiffer() {
        DrawnRandom random = new DrawnRandom();
        assertThat(new HashSet<>(LongStream.generate(random::nextLong).limit(1000).boxed().toList())).hasSize(1000);
        assertThat(new DrawnRandom().nextLong()).isNotEqualTo(new DrawnRandom().nextLong());
    }
}

package org.lnsd.daemon.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdAllocatorTest {

    private final IdAllocator ids = new IdAllocator(new Random(7));

    @Test
    void handsOutEachNonZeroIdOnceUntilNoneIsLeft() {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 65_535; i++) {
            int id = ids.take();
            assertThat(id).isBetween(1, 65_535);
            assertThat(seen.add(id)).isTrue();
        }
        assertThat(ids.take()).isZero();
    }

    @Test
    void anIdThatWasGivenBackRestsForThousandsOfOthers() { // RFC 2661 section 9.2
        int id = ids.take();
        ids.release(id);
        for (int i = 0; i < 4095; i++) {
            int other = ids.take();
            assertThat(other).isNotEqualTo(id);
            ids.release(other);
        }
    }
}

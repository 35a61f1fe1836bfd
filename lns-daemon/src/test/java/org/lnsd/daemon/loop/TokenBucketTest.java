package org.lnsd.daemon.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {

    @Test
    void givesTheBurstAtOnceAndThenTheRate() {
        TokenBucket bucket = new TokenBucket(10, 5, 0);
        for (int i = 0; i < 5; i++) {
            assertThat(bucket.take(0)).isTrue();
        }
        assertThat(bucket.take(0)).isFalse();
        assertThat(bucket.take(99_999_999)).isFalse();
        assertThat(bucket.take(100_000_000)).isTrue();
        assertThat(bucket.take(100_000_000)).isFalse();
    }
}

package org.lnsd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ReloadRequestsTest {

    @Test
    void howeverManyComeMeanwhileOneMoreRuns() {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Semaphore mayEnd = new Semaphore(0);
        ReloadRequests requests = new ReloadRequests(() -> {
            begun.incrementAndGet();
            mayEnd.acquireUninterruptibly();
            done.incrementAndGet();
        });
        requests.request();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> begun.get() == 1);
        for (int i = 0; i < 100; i++) {
            requests.request();
        }
        assertThat(begun).as("one at a time").hasValue(1);
        mayEnd.release(2);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> done.get() == 2);
        requests.request();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> begun.get() == 3);
        mayEnd.release();
    }
}

package org.lnsd.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

class AcceptFailuresTest {

    private final AcceptFailures failures = new AcceptFailures("metrics");

    @Test
    void aListenerThatCannotAcceptWaitsAMomentAndGoesOn() {
        EmbeddedChannel listener = new EmbeddedChannel(new HttpListenerGuard(failures));
        listener.freezeTime();
        listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        assertThat(listener.config().isAutoRead()).isFalse();
        assertThat(failures.failures()).isEqualTo(1);
        listener.advanceTimeBy(1, TimeUnit.SECONDS);
        listener.runScheduledPendingTasks();
        assertThat(listener.config().isAutoRead()).isTrue();
        listener.checkException();
    }
}

package org.lnsd.daemon.metrics;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

/** Clients of the HTTP port that hold connections for nothing. */
class HttpConnectionsTest {

    private static final int PATIENCE_MS = 60_000;

    private final HttpConnections connections = new HttpConnections(2, PATIENCE_MS);

    @Test
    void theOneThatAskedLongestAgoMakesRoom() {
        EmbeddedChannel first = connection();
        EmbeddedChannel second = connection();
        send(first, "GET / HTTP/1.1\r\n\r\n");
        EmbeddedChannel third = connection();
        assertThat(second.isOpen()).isFalse();
        assertThat(first.isOpen()).isTrue();
        assertThat(third.isOpen()).isTrue();
        assertThat(closed()).isEqualTo(1);
    }

    @Test
    void aRequestThatComesOctetByOctetForEverIsNoRequest() {
        EmbeddedChannel slow = connection();
        send(slow, "GET / HTTP/1.1\r\nX: ");
        for (int i = 0; i < 6; i++) {
            assertThat(slow.isOpen()).isTrue();
            slow.advanceTimeBy(PATIENCE_MS / 6, TimeUnit.MILLISECONDS);
            send(slow, "y");
        }
        slow.runPendingTasks();
        assertThat(slow.isOpen()).isFalse();
        assertThat(closed()).isEqualTo(1);
    }

    @Test
    void whoAsksAgainInTimeStays() {
        EmbeddedChannel prometheus = connection();
        for (int i = 0; i < 6; i++) {
            prometheus.advanceTimeBy(PATIENCE_MS - 1, TimeUnit.MILLISECONDS);
            send(prometheus, "GET /metrics HTTP/1.1\r\n\r\n");
        }
        assertThat(prometheus.isOpen()).isTrue();
        assertThat(closed()).isZero();
    }

    @Test
    void whoAsksOnWithoutReadingGoes() {
        EmbeddedChannel deaf = connection();
        send(deaf, "GET /metrics HTTP/1.1\r\n\r\n");
        deaf.unsafe().outboundBuffer().setUserDefinedWritability(1, false); // an answer that is still on its way
        send(deaf, "GET /metrics HTTP/1.1\r\n\r\n");
        assertThat(deaf.isOpen()).isFalse();
    }

    private EmbeddedChannel connection() {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec(), new HttpObjectAggregator(1000),
                connections);
        channel.freezeTime();
        return channel;
    }

    private static void send(EmbeddedChannel channel, String octets) {
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.copiedBuffer(octets, US_ASCII));
            channel.releaseInbound();
        }
    }

    private double closed() {
        MetricRegistry registry = new MetricRegistry();
        registry.register(connections);
        return registry.collect().getFirst().value();
    }
}

package org.lnsd.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.control.FakeNode;

class MetricsServerTest {

    private final MetricRegistry registry = new MetricRegistry();
    private final MetricsServer server = start(registry);

    private static MetricsServer start(MetricRegistry registry) {
        registry.register(new NodeMetrics(new FakeNode(3)));
        registry.register(new EventMetrics(() -> Map.of("calls", 5L, "ended-no-address", 1L)));
        registry.register(new ProcessMetrics());
        try {
            return MetricsServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), registry,
                    new FakeNode(3));
        } catch (IOException refused) {
            throw new AssertionError(refused);
        }
    }

    @AfterEach
    void stop() { server.close(); }

    @Test
    void servesMetrics() throws Exception {
        HttpResponse<String> answer = get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body()).contains("lnsd_events_total{event=\"calls\"} 5.0",
                "lnsd_sessions{state=\"open\"} 3.0",
                "lnsd_pool_used{family=\"ipv4\",pool=\"default\"} 2.0", "# TYPE lnsd_events_total counter",
                "lnsd_radius_messages_total{kind=\"access-requests\",server=\"r1\"} 5.0");
    }

    @Test
    void promtoolAcceptsThem() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/promtool")), "promtool is not installed");
        Process promtool = new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
        try (var in = promtool.getOutputStream()) {
            in.write(get("/metrics").body().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
        assertThat(promtool.waitFor()).isZero();
    }

    @Test
    void servesHealthAndStatus() throws Exception {
        assertThat(get("/healthz").body()).isEqualTo("ready\n");
        assertThat(get("/").body()).contains("<h1>lns1: ready</h1>", "wholesale-a");
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void saysWhichAddressIsTaken() {
        assertThatThrownBy(() -> MetricsServer.start(server.address(), registry, new FakeNode(0)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + server.address().getPort())
                .hasMessageContaining("[metrics] listen");
    }

    private HttpResponse<String> get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}

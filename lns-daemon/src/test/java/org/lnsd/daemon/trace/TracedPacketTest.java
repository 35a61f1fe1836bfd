package org.lnsd.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TracedPacketTest {

    private static final InetSocketAddress LAC = new InetSocketAddress("192.0.2.9", 1701);
    private static final InetSocketAddress LNS = new InetSocketAddress("192.0.2.1", 1701);

    @Test
    void wrapsAFrameWithoutItsPassword() { // RFC 1334 section 2.2.1
        byte[] frame = HexFormat.of().parseHex("ff03c0230101001005" + "616c696365" + "05" + "7365637265");
        byte[] packet = TracedPacket.frame(LAC, LNS, 7, 9, Unpooled.wrappedBuffer(frame));
        assertThat(HexFormat.of().formatHex(packet)).startsWith("4500").contains("c0000209c0000201", "06a506a5",
                "000200070009ff03c023");
        assertThat(new String(packet, StandardCharsets.ISO_8859_1)).contains("alice", "*****").doesNotContain("secre");
    }

    @Test
    void blanksTheProxiedPassword() { // RFC 2661 section 4.4.5
        byte[] message = HexFormat.of()
                .parseHex("c802001c0001000200030004" + "80080000000c000c" + "000800000021" + "6869");
        byte[] packet = TracedPacket.control(LAC, LNS, Unpooled.wrappedBuffer(message));
        assertThat(new String(packet, StandardCharsets.ISO_8859_1)).endsWith("**").doesNotContain("hi");
    }

    @Test
    void aSlowReaderLosesEventsAndHoldsUpNobody() throws InterruptedException {
        TraceHub hub = new TraceHub();
        try (Tracer tracer = hub.listen(Set.of("alice"), false).orElseThrow()) {
            for (int i = 0; i < 3_000; i++) {
                hub.words(i, "id1", "alice", "LCP", "event");
                hub.words(i, "id2", "bob", "LCP", "event");
            }
            assertThat(tracer.takeLost()).isEqualTo(1_000);
            assertThat(tracer.poll(java.time.Duration.ofMillis(1)).orElseThrow().about()).isEqualTo("id1");
        }
        assertThat(hub.isActive()).isFalse();
    }
}

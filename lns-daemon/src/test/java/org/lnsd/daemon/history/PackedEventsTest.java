package org.lnsd.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What goes in comes out, whatever the times and lengths, and whatever has been taken away in front. */
class PackedEventsTest {
    private static final long BORN_MS = 1_700_000_000_000L;

    private final Stages stages = new Stages();

    @Test
    void eventsComeOutAsTheyWentIn() {
        long seed = 77;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        PackedEvents events = new PackedEvents(48);
        List<HistoryEvent> expected = new ArrayList<>();
        int sinceMs = 0;
        for (int i = 0; i < 2_000; i++) {
            sinceMs += random.nextInt(4) == 0 ? random.nextInt(1_000_000) : random.nextInt(3);
            String stage = random.nextBoolean() ? "lcp" : "state";
            String text = "x".repeat(random.nextInt(3) == 0 ? random.nextInt(700) : random.nextInt(20));
            events.add(sinceMs, stages.number(stage), PackedEvents.TEXT, text.getBytes(StandardCharsets.UTF_8));
            expected.add(new HistoryEvent(BORN_MS + sinceMs, stage, text));
            if (random.nextInt(3) == 0) {
                events.removeFirst();
                expected.removeFirst();
            }
            if (random.nextInt(50) == 0) {
                events.trim();
            }
            if (i % 20 == 0) {
                assertThat(unpacked(events)).isEqualTo(expected);
                assertThat(events.count()).isEqualTo(expected.size());
            }
        }
    }

    // RFC 1661 section 5.8
    @Test
    void framesArePutIntoWords() {
        PackedEvents events = new PackedEvents(0);
        events.add(Integer.MAX_VALUE, 0, PackedEvents.RECEIVED, new byte[]{(byte) 0xc0, 0x21, 0, 8, 9, 1, 0, 8, 0, 0, 0,
                0});
        assertThat(unpacked(events)).singleElement().satisfies(event -> {
            assertThat(event.timeMs()).isEqualTo(BORN_MS + Integer.MAX_VALUE);
            assertThat(event.text()).startsWith("received ").contains("Echo-Request");
        });
    }

    private List<HistoryEvent> unpacked(PackedEvents events) {
        List<HistoryEvent> into = new ArrayList<>();
        events.unpack(BORN_MS, stages, into);
        return into;
    }
}

package org.lnsd.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file that the heap has no room for is an error of the file, not the end of the process. */
class HeapRoomTest {
    private final AtomicInteger collections = new AtomicInteger();

    private HeapRoom room(long beforeBytes, long afterBytes) {
        return new HeapRoom(() -> collections.get() == 0 ? beforeBytes : afterBytes, collections::incrementAndGet);
    }

    // 300 bytes a character to parse, 25 to keep
    @ParameterizedTest
    @CsvSource({"300000,300000,true,true,0", "299999,299999,false,true,1", "299999,300000,true,true,1",
            "25000,25000,false,true,1", "24999,24999,false,false,2", "24999,25000,false,true,1", "0,0,false,false,2",
            "0,300000,true,true,1"})
    void whatIsFreeDecidesAfterCollectingAtMost(long beforeBytes, long afterBytes, boolean parses, boolean keeps,
            int expectedCollections) {
        String text = "#".repeat(1000);
        HeapRoom room = room(beforeBytes, afterBytes);
        assertThat(room.isEnoughToParse(text)).isEqualTo(parses);
        assertThat(room.isEnoughToKeep(text)).isEqualTo(keeps);
        assertThat(collections).hasValue(expectedCollections);
    }

    @ParameterizedTest
    @CsvSource({"24999,refused before it is looked at", "299999,refused before it is parsed"})
    void aFileWithoutRoomIsOneError(long freeBytes, String why) {
        String text = "[node]\nname = 7\n" + "#".repeat(984);
        assertThat(ConfigurationLoader.parse("f", text, room(freeBytes, freeBytes))).as(why)
                .isEqualTo(new LoadedConfiguration.Invalid(List.of(new ConfigError("f", 1, 1,
                        "the file needs more memory than the 0 MiB that are free, a smaller one or a larger heap"
                                + " (-Xmx in LNSD_JAVA_OPTS) expected"))));
    }

    @Test
    void theHeapOfThisProcessHasRoomForAUsualFile() {
        assertThat(ConfigurationLoader.parse("f", "[node]\nname = \"lns\"\n")).isInstanceOf(
                LoadedConfiguration.Valid.class);
        assertThat(HeapRoom.ofThisProcess().freeBytes().getAsLong()).isPositive();
    }
}

package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** The look-ups against a plain map, with churn. */
class TablesTest {
    @Test
    void rowTableIsAMap() {
        isAMap(new RowTable(), key -> key, key -> -key);
        isAMap(new NarrowRowTable(), key -> key << 32, _ -> 0);
        isAMap(new NarrowRowTable(), key -> -key << 32, _ -> 0); // addresses beyond 127
    }

    private static void isAMap(RowMap table, LongUnaryOperator high, LongUnaryOperator low) {
        long seed = 42;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Map<Long, Integer> model = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            long key = random.nextInt(3_000);
            int row = random.nextInt(100);
            if (random.nextBoolean()) {
                table.put(high.applyAsLong(key), low.applyAsLong(key), row);
                model.put(key, row);
            } else if (random.nextInt(10) > 0) {
                table.remove(high.applyAsLong(key), low.applyAsLong(key), model.getOrDefault(key, row));
                model.remove(key);
            } else if (model.getOrDefault(key, row) != row) {
                table.remove(high.applyAsLong(key), low.applyAsLong(key), row); // another row's key stays
            }
        }
        for (long key = 0; key < 3_000; key++) {
            assertThat(table.find(high.applyAsLong(key), low.applyAsLong(key)))
                    .isEqualTo(model.getOrDefault(key, RowMap.NONE));
        }
    }

    @Test
    void longestPrefixWins() {
        PrefixTable table = new PrefixTable(NarrowRowTable::new);
        table.put(0x0A00_0000L << 32, 0, 8, 1);
        table.put(0x0A01_0000L << 32, 0, 16, 2);
        table.put(0x0A01_0203L << 32, 0, 32, 3);
        table.put(0, 0, 0, 4);
        assertThat(table.find(0x0A01_0203L << 32, 0)).isEqualTo(3);
        assertThat(table.find(0x0A01_0204L << 32, 0)).isEqualTo(2);
        assertThat(table.find(0x0A02_0000L << 32, 0)).isEqualTo(1);
        assertThat(table.find(0xC000_0201L << 32, 0)).isEqualTo(4);
        table.remove(0x0A01_0203L << 32, 0, 32, 3);
        table.remove(0, 0, 0, 4);
        assertThat(table.find(0x0A01_0203L << 32, 0)).isEqualTo(2);
        assertThat(table.find(0xC000_0201L << 32, 0)).isEqualTo(RowMap.NONE);
    }

    @Test
    void hostRoutesOfIpv6AreToldFromTheirPrefix() {
        PrefixTable table = new PrefixTable(RowTable::new);
        table.put(0x2001_0db8_0001_0000L, 0, 48, 7);
        table.put(0x2001_0db8_0001_0000L, 5, 128, 8);
        assertThat(table.find(0x2001_0db8_0001_0000L, 5)).isEqualTo(8);
        assertThat(table.find(0x2001_0db8_0001_0000L, 6)).isEqualTo(7);
        assertThat(table.find(0x2001_0db8_0001_ffffL, 5)).isEqualTo(7);
    }

    // Two lines with one Framed-Route: the newer gets the packets, the older may still send from it
    @Test
    void whoHadAPrefixBeforeSharesItUntilItIsTakenAway() {
        PrefixTable table = new PrefixTable(NarrowRowTable::new);
        long network = 0xC000_0200L << 32;
        table.put(network, 0, 24, 3);
        assertThat(table.shares(3, network, 0)).isFalse();
        table.put(network, 0, 24, 900);
        table.put(0xC000_0300L << 32, 0, 24, 3);
        table.put(0xC000_0300L << 32, 0, 24, 900);
        assertThat(table.find(network | 7L << 32, 0)).isEqualTo(900);
        assertThat(table.shares(3, network | 7L << 32, 0)).isTrue();
        assertThat(table.shares(3, 0xC000_0301L << 32, 0)).isTrue();
        assertThat(table.shares(900, network | 7L << 32, 0)).isFalse();
        assertThat(table.shares(5, network | 7L << 32, 0)).isFalse();
        assertThat(table.shares(100_000, network | 7L << 32, 0)).isFalse();
        table.remove(network, 0, 24, 3);
        assertThat(table.shares(3, network | 7L << 32, 0)).isFalse();
        assertThat(table.shares(3, 0xC000_0301L << 32, 0)).isTrue();
        assertThat(table.find(network, 0)).isEqualTo(900);
    }
}

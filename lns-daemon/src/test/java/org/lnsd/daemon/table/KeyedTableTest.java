package org.lnsd.daemon.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedTableTest {

    /** A key whose hash says little, so that many share one. */
    private record Key(int number) {
        @Override
        public int hashCode() { return number % 7; }
    }

    private record Value(Key key, int generation) {}

    private final KeyedTable<Key, Value> table = new KeyedTable<>(Value::key);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void doesWhatAMapDoes(long seed) {
        Random random = new Random(seed);
        Map<Key, Value> map = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            int most = step < 10_000 ? 200 : 12; // grows, then shrinks
            Value value = new Value(new Key(random.nextInt(200)), step);
            Value present = map.get(value.key());
            if (random.nextBoolean() && value.key().number() < most) {
                table.put(value);
                map.put(value.key(), value);
            } else if (present != null) {
                assertThat(table.remove(new Value(present.key(), present.generation()))).as("an equal one").isFalse();
                assertThat(table.remove(present)).isTrue();
                map.remove(present.key());
            } else {
                assertThat(table.remove(value)).isFalse();
            }
            assertThat(table.find(value.key())).isEqualTo(java.util.Optional.ofNullable(map.get(value.key())));
        }
        assertThat(table.size()).isEqualTo(map.size());
        assertThat(table.values()).as("seed " + seed).containsExactlyInAnyOrderElementsOf(map.values());
    }

    @Test
    void keepsTheFirstWhereItIsAskedTo() {
        Value first = new Value(new Key(1), 1);
        assertThat(table.putIfAbsent(first)).isTrue();
        assertThat(table.putIfAbsent(new Value(new Key(1), 2))).isFalse();
        assertThat(table.values()).isEqualTo(List.of(first));
        assertThat(table.removeKey(new Key(1))).isTrue();
        assertThat(table.removeKey(new Key(1))).isFalse();
        assertThat(table.size()).isZero();
    }

    @Test
    void oneObjectStandsForEqualValues() {
        SharedValues shared = new SharedValues();
        String first = "0800-" + 1;
        String again = "0800-" + 1;
        assertThat(shared.same(first)).isSameAs(first);
        assertThat(shared.same(again)).isSameAs(first);
        for (int i = 0; i < 10_000; i++) {
            String other = "number " + i;
            assertThat(shared.same(other)).isEqualTo(other);
        }
    }
}

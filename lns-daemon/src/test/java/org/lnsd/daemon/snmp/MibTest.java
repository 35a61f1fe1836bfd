package org.lnsd.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.snmp.Table.Column;
import org.lnsd.daemon.snmp.Table.Row;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;

/** The order of objects (RFC 3416 section 4.2.2) over scalars and tables. */
class MibTest {

    private final Table<Integer> table = new Table<>(new OID("1.3.5.1"),
            () -> IntStream.of(7, 300, 70_000).mapToObj(n -> new Row<>(new OID(new int[]{n, 1}), n)).toList(),
            List.of(new Column<>(2, Integer32::new), new Column<>(4, n -> n == 7 ? null : new Integer32(-n))));
    private final Mib mib = new Mib(List.of(new Scalar(new OID("1.3.4"), () -> new Integer32(4)), table,
            new Table<Integer>(new OID("1.3.6.1"), List::of, List.of(new Column<>(1, Integer32::new))),
            new Scalar(new OID("1.3.7"), () -> new Integer32(7))));

    @Test
    void walksThroughAllInstancesInOrderAndSkipsWhatRowsDoNotHave() {
        List<String> walked = new ArrayList<>();
        OID at = new OID("1");
        for (VariableBinding next = mib.next(at).orElse(null); next != null; next = mib.next(at).orElse(null)) {
            walked.add(next.getOid() + "=" + next.getVariable());
            at = next.getOid();
        }
        assertThat(walked).containsExactly("1.3.4.0=4", "1.3.5.1.2.7.1=7", "1.3.5.1.2.300.1=300",
                "1.3.5.1.2.70000.1=70000", "1.3.5.1.4.300.1=-300", "1.3.5.1.4.70000.1=-70000", "1.3.7.0=7");
    }

    @Test
    void findsTheNextOfWhatIsNoInstance() {
        assertThat(next("1.3.5")).isEqualTo("1.3.5.1.2.7.1");
        assertThat(next("1.3.5.1.2")).isEqualTo("1.3.5.1.2.7.1");
        assertThat(next("1.3.5.1.2.7")).isEqualTo("1.3.5.1.2.7.1");
        assertThat(next("1.3.5.1.2.7.1.9")).isEqualTo("1.3.5.1.2.300.1");
        assertThat(next("1.3.5.1.2.4294967295")).isEqualTo("1.3.5.1.4.300.1");
        assertThat(next("1.3.5.1.3.300.1")).isEqualTo("1.3.5.1.4.300.1");
        assertThat(next("1.3.5.1.4294967295")).isEqualTo("1.3.7.0");
        assertThat(mib.next(new OID("1.3.7.0"))).isEmpty();
        assertThat(mib.next(new OID("2"))).isEmpty();
    }

    @Test
    void readsExactlyWhatIsAskedFor() {
        assertThat(mib.get(new OID("1.3.5.1.2.300.1"))).contains(new Integer32(300));
        assertThat(mib.get(new OID("1.3.5.1.2.300"))).isEmpty();
        assertThat(mib.get(new OID("1.3.5.1.4.7.1"))).isEmpty();
        assertThat(mib.get(new OID("1.3.5.1.9.300.1"))).isEmpty();
        assertThat(mib.get(new OID("1.3.4.0"))).contains(new Integer32(4));
        assertThat(mib.get(new OID("1.3.4"))).isEmpty();
        assertThat(mib.knows(new OID("1.3.4.1"))).isTrue();
        assertThat(mib.knows(new OID("1.3.9"))).isFalse();
    }

    private String next(String after) { return mib.next(new OID(after)).orElseThrow().getOid().toString(); }
}

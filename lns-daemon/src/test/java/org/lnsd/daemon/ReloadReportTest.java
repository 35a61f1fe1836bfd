package org.lnsd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.net.IpPrefix;

class ReloadReportTest {
    private static List<IpPrefix> prefixes(String... texts) { return Stream.of(texts).map(IpPrefix::parse).toList(); }

    @Test
    void sessionsOutsideTheNewPoolsAreCountedOnce() {
        List<IpPrefix> former = prefixes("100.64.0.0/24", "100.65.0.0/24", "2001:db8::/48");
        List<IpPrefix> next = prefixes("100.64.0.0/25", "100.65.0.0/24");
        Stream<List<IpPrefix>> sessions = Stream.of(prefixes("100.64.0.5/32"), prefixes("100.64.0.200/32"),
                prefixes("100.65.0.1/32", "2001:db8:0:1::/64"), prefixes("100.64.0.201/32", "2001:db8:0:2::/64"),
                prefixes("203.0.113.7/32"), prefixes());
        assertThat(ReloadReport.stranded(former, next, sessions)).isEqualTo(3);
        assertThat(ReloadReport.stranded(former, former, Stream.of(prefixes("203.0.113.7/32")))).isZero();
    }
}

package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.ppp.link.LinkSettings;

class LinkMtuTest {

    /** RFC 4861 section 6.2.1: whatever [ppp] says for all, the LAC's own MRU and the subscriber's count. */
    @ParameterizedTest
    @CsvSource({"1400, 1500, 1400", "1500, 1492, 1492", "1700, 1600, 1600"})
    void theMtuThatIsAdvertisedIsWhatBothEndsTake(int ours, int subscribers, int advertised) {
        Scenario scenario = new Scenario(Scenario.CONFIGURATION
                .replace("maximum-sessions = 3", "maximum-sessions = 3\nmru = " + ours)
                .replace("100.64.0.0/29\"]", "100.64.0.0/29\"]\nipv6-prefix = \"2001:db8:100::/40\""));
        scenario.openLac().call(LinkSettings.client("alice", "secret").mru(subscribers).build());
        scenario.pass(2);
        assertThat(scenario.advertisedMtus).containsExactly(advertised);
    }
}

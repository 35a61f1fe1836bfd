package org.lnsd.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {

    // RFC 5952 section 4
    @ParameterizedTest
    @CsvSource({"2001:DB8:0:0:0:0:0:1,2001:db8::1/128", "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1/128", "::/0,::/0",
            "2001:0:0:1:0:0:0:1,2001:0:0:1::1/128", "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1/128", "fe80::/10,fe80::/10",
            "10.0.0.0/8,10.0.0.0/8",
            "192.0.2.1,192.0.2.1/32"})
    void printsCanonically(String text, String canonical) {
        assertThat(IpPrefix.parse(text).toString()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "10.0.0.0/", "10.0.0/8", "10.0.0.256", "10.0.0.1/8", "10.0.0.0/33", "::1/129",
            "fe80::1%eth0", "host", "1/8",
            "10.0.0.0/-1", "10.0.0.0/+8", "0x7f.0.0.1"})
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> IpPrefix.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void knowsWhatItContains() {
        IpPrefix prefix = IpPrefix.parse("2001:db8:8000::/33");
        assertThat(prefix.contains(IpPrefix.parse("2001:db8:ffff::/48"))).isTrue();
        assertThat(prefix.contains(IpPrefix.parse("2001:db8::/48"))).isFalse();
        assertThat(prefix.overlaps(IpPrefix.parse("2001:db8::/32"))).isTrue();
        assertThat(prefix.contains(IpAddresses.ofInt(1))).isFalse();
    }
}

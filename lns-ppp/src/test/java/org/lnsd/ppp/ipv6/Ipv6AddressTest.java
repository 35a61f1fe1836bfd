package org.lnsd.ppp.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv6AddressTest {
    @ParameterizedTest(name = "RFC 5952 section 4: {0} is written {1}")
    @CsvSource({"2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1", "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1",
            "0:0:0:0:0:0:0:0,::",
            "0:0:0:0:0:0:0:1,::1", "fe80:0:0:0:1:2:3:4,fe80::1:2:3:4", "2001:db8:0:0:0:0:0:0,2001:db8::"})
    void text(String address, String expected) throws UnknownHostException {
        assertThat(Ipv6Address.of(InetAddress.getByName(address).getAddress())).hasToString(expected);
    }

    @Test
    void textIsReadBackByTheJdk() throws UnknownHostException {
        long seed = 20261122;
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            long high = random.nextLong() & mask(random);
            long low = random.nextLong() & mask(random);
            Ipv6Address address = new Ipv6Address(high | 0x2001L << 48, low);
            assertThat(InetAddress.getByName(address.toString()).getAddress()).as("seed %d, round %d", seed, i)
                    .isEqualTo(address.octets());
        }
    }

    private static long mask(Random random) {
        long mask = 0;
        for (int group = 0; group < 4; group++) {
            mask |= random.nextBoolean() ? 0xffffL << 16 * group : 0;
        }
        return mask;
    }

    @Test
    void kinds() {
        assertThat(Ipv6Address.linkLocal(7).isLinkLocal()).isTrue();
        assertThat(Ipv6Address.ALL_NODES.isMulticast()).isTrue();
        assertThat(Ipv6Address.UNSPECIFIED.isUnspecified()).isTrue();
        assertThat(Ipv6Address.linkLocal(0x0123_4567_89ab_cdefL).solicitedNode()).hasToString("ff02::1:ffab:cdef"); // RFC 4291 2.7.1
    }

    @Test
    void prefixClearsAndContains() {
        Ipv6Prefix prefix = new Ipv6Prefix(new Ipv6Address(0x20010db8_1234_5678L, 99), 56);
        assertThat(prefix).hasToString("2001:db8:1234:5600::/56");
        assertThat(prefix.contains(new Ipv6Address(0x20010db8_1234_56ffL, -1))).isTrue();
        assertThat(prefix.contains(new Ipv6Address(0x20010db8_1234_57ffL, -1))).isFalse();
        assertThat(new Ipv6Prefix(new Ipv6Address(-1, -1), 0).contains(Ipv6Address.UNSPECIFIED)).isTrue();
        assertThat(new Ipv6Prefix(new Ipv6Address(1, 2), 128).contains(new Ipv6Address(1, 3))).isFalse();
    }
}

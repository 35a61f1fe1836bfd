package org.lnsd.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rates as people write them, also absurd ones. */
class RatesTest {
    @ParameterizedTest
    @CsvSource({"64kbit/s,64000,0", "20Mbit/s,20000000,0", "10Gbit/s,10000000000,0", "64000bit/s,64000,0", "90%,0,90",
            "200%,0,200"})
    void whatALineCanHave(String text, long bps, int percent) {
        assertThat(Rates.parse(text)).hasValue(new LineRate(bps, percent));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0bit/s", "0Mbit/s", "63kbit/s", "11Gbit/s", "99999999999999999999Gbit/s",
            "-20Mbit/s",
            "20", "20Mbps", "0%", "201%", "-1%", "99999999999%", "%", "Mbit/s", "NaN", "1e9bit/s", "20 Mbit/s/s"})
    void whatItCannot(String text) { assertThat(Rates.parse(text)).isEmpty(); }

    @ParameterizedTest
    @CsvSource({"1MB,1000000", "50GB,50000000000", "1.5 GB,1500000000", "1000TB,1000000000000000"})
    void volumes(String text, long bytes) { assertThat(Rates.parseVolume(text)).hasValue(bytes); }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0MB", "0.9MB", "1001TB", "999999999999999TB", "-1GB", "50", "50GiB", "GB",
            "1e3GB"})
    void noVolumes(String text) { assertThat(Rates.parseVolume(text)).isEmpty(); }
}

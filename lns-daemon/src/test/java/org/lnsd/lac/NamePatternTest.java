package org.lnsd.lac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {

    @ParameterizedTest
    @CsvSource({"user%d@example.net, 7, user7@example.net", "0301%05d, 42, 030100042", "%03d, 12345, 12345",
            "fixed, 9, fixed",
            "100%%-%d, 3, 100%-3", "%%d, 3, %d"})
    void fillsTheNumberIn(String pattern, int number, String expected) {
        assertThat(NamePattern.parse(pattern).format(number)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%d and %d", "%s", "50%", "%5d", "%099d"})
    void refusesWhatItDoesNotKnow(String pattern) {
        assertThatThrownBy(() -> NamePattern.parse(pattern)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(pattern);
    }

    @Test
    void theEmptyTextIsAPattern() { assertThat(NamePattern.parse("").format(1)).isEmpty(); }
}

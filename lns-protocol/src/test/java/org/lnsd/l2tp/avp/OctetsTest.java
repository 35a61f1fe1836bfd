package org.lnsd.l2tp.avp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OctetsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"61622f31|ab/1", "c3a9f09f9880|\u00e9\uD83D\uDE00", "e9|\\xe9",
            "61ff62c3|a\\xffb\\xc3", "f09f98|\\xf0\\x9f\\x98", "eda080|\\xed\\xa0\\x80", "c3a9c3|\u00e9\\xc3", "''|''"})
    void octetsThatAreNoTextAreShownByNumber(String hex, String text) {
        assertThat(Octets.of(HexFormat.of().parseHex(hex)).toText()).isEqualTo(text);
    }
}

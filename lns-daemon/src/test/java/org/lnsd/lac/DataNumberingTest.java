package org.lnsd.lac;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 2661 section 5.4: who decides whether a LAC's data messages are numbered. */
class DataNumberingTest {

    @Test
    void aLacThatHasRequiredNothingFollowsTheLns() {
        DataNumbering numbering = new DataNumbering(false);
        assertThat(numbering.isOn()).isFalse();
        numbering.heard(true);
        assertThat(numbering.isOn()).as("MUST begin with it").isTrue();
        assertThat(numbering.take()).isZero();
        assertThat(numbering.take()).isEqualTo(1);
        numbering.heard(false);
        assertThat(numbering.isOn()).as("MUST stop with it").isFalse();
        numbering.heard(true);
        assertThat(numbering.take()).as("picks up where it left off").isEqualTo(2);
    }

    @Test
    void whereItIsRequiredEachMessageHasANumber() {
        DataNumbering numbering = new DataNumbering(true);
        numbering.heard(false);
        assertThat(numbering.isOn()).isTrue();
        for (int message = 0; message < 65_536; message++) {
            assertThat(numbering.take()).isEqualTo(message);
        }
        assertThat(numbering.take()).as("modulo 65,536").isZero();
    }
}

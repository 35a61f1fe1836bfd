package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 5072 section 4.1: the tentative identifier of our end. */
class InterfaceIdentifierTest {
    private static final long UNIVERSAL_BIT = 0x0200_0000_0000_0000L;

    @Test
    void ourIdentifierIsTheSameAtEachStartAndLocal() {
        for (String name : new String[]{"lns.example.net", "lns-b", "", "ö"}) {
            long identifier = SessionSettings.interfaceId(name);
            assertThat(identifier).isEqualTo(SessionSettings.interfaceId(name)).isNotZero();
            assertThat(identifier & UNIVERSAL_BIT).isZero();
        }
        assertThat(SessionSettings.interfaceId("lns-a")).isNotEqualTo(SessionSettings.interfaceId("lns-b"));
    }
}

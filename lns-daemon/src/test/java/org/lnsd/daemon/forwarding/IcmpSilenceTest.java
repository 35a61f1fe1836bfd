package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.tun.Memory;

/** About which packets a router says nothing (RFC 1812 section 4.3.2.7, RFC 4443 section 2.4 e). */
class IcmpSilenceTest {
    private static final String SOURCE = "20010db8000000000000000000000001";
    private static final String DESTINATION = "20010db8000900000000000000000007";
    private static final String GROUP = "ff0e0000000000000000000000000007";

    private final long memory = Memory.map(4096);

    @AfterEach
    void free() { Memory.unmap(memory); }

    private boolean ofIpv4(String flagsAndOffset, String protocol, String source, String destination, String payload) {
        byte[] octets = HexFormat.of()
                .parseHex("4500001c0000" + flagsAndOffset + "40" + protocol + "0000" + source + destination + payload);
        Memory.fromArray(octets, 0, memory, octets.length);
        return IcmpSilence.ofIpv4(memory, octets.length);
    }

    @ParameterizedTest
    @CsvSource({"4000,01,0800", "4000,01,0000", "2000,01,0800", "4000,11,0302", "4000,06,0302"})
    void sendersOfIpv4AreTold(String flagsAndOffset, String protocol, String payload) {
        assertThat(ofIpv4(flagsAndOffset, protocol, "08080808", "64400001", payload + "000000000000")).isFalse();
    }

    // Errors, redirects, source quench and what is cut off; fragments other than the first; what is not of one host
    @ParameterizedTest
    @CsvSource({"4000,01,08080808,64400001,0301", "4000,01,08080808,64400001,0b00", "4000,01,08080808,64400001,0500",
            "4000,01,08080808,64400001,0400", "4000,01,08080808,64400001,0c00", "4000,01,08080808,64400001,''",
            "0001,11,08080808,64400001,0302", "2001,11,08080808,64400001,0302", "4000,11,00000000,64400001,0302",
            "4000,11,7f000001,64400001,0302", "4000,11,e0000001,64400001,0302", "4000,11,f0000001,64400001,0302",
            "4000,11,ffffffff,64400001,0302", "4000,11,08080808,e0000001,0302", "4000,11,08080808,ffffffff,0302"})
    void aboutTheseNothingIsSaidToIpv4(String flagsAndOffset, String protocol, String source, String destination,
            String payload) {
        assertThat(ofIpv4(flagsAndOffset, protocol, source, destination, payload)).isTrue();
    }

    private boolean ofIpv6(String nextHeader, String source, String destination, String payload, boolean tooBig) {
        byte[] octets = HexFormat.of().parseHex(
                "60000000" + "%04x".formatted(payload.length() / 2) + nextHeader + "40" + source + destination
                        + payload);
        Memory.fromArray(octets, 0, memory, octets.length);
        return IcmpSilence.ofIpv6(memory, octets.length, tooBig);
    }

    // Also behind extension headers, as fragments and with IPsec
    @ParameterizedTest
    @CsvSource({"3a,8000000000000000", "3a,8100000000000000", "11,0302000000080000", "06,0302000000000000",
            "2c,1100000000000001" + "0102030405060708", "2c,3a00000800000001" + "0102030405060708",
            "00,3a00010400000000" + "8000000000000000", "32,0102030405060708", "3b,''"})
    void sendersOfIpv6AreTold(String nextHeader, String payload) {
        assertThat(ofIpv6(nextHeader, SOURCE, DESTINATION, payload, false)).isFalse();
        assertThat(ofIpv6(nextHeader, SOURCE, DESTINATION, payload, true)).isFalse();
    }

    // Errors and redirects, whatever stands before them, and what does not tell that it is none
    @ParameterizedTest
    @CsvSource({"3a,0104000000000000", "3a,0200000000000500", "3a,7f00000000000000", "3a,8900000000000000", "3a,''",
            "00,3a00010400000000" + "0300000000000000", "2b,3a00000000000000" + "0300000000000000",
            "3c,3a00010400000000" + "0300000000000000", "2c,3a00000100000001" + "0300000000000000",
            "33,3a01000000000001" + "00000000" + "0300000000000000", "00,3a01", "00,3a020104000000000000"})
    void aboutTheseNothingIsSaidToIpv6(String nextHeader, String payload) {
        assertThat(ofIpv6(nextHeader, SOURCE, DESTINATION, payload, false)).isTrue();
        assertThat(ofIpv6(nextHeader, SOURCE, DESTINATION, payload, true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000000000000000000000000000", "00000000000000000000000000000001", GROUP})
    void whoIsNotOneNodeIsNotTold(String source) {
        assertThat(ofIpv6("11", source, DESTINATION, "0302000000080000", true)).isTrue();
    }

    // RFC 4443 section 2.4 (e.3): only Packet Too Big is told about a packet to a group
    @Test
    void onlyTheSizeOfPacketsToGroupsIsTold() {
        assertThat(ofIpv6("11", SOURCE, GROUP, "0302000000080000", true)).isFalse();
        assertThat(ofIpv6("11", SOURCE, GROUP, "0302000000080000", false)).isTrue();
    }

    @Test
    void chainsOfHeadersAreBounded() {
        assertThat(ofIpv6("3c", SOURCE, DESTINATION, "3c00010400000000".repeat(200), true)).isTrue();
    }
}

package org.lnsd.l2tp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.l2tp.avp.AvpNames;
import org.lnsd.l2tp.avp.AvpType;

/**
 * The registry of AVPs written down a second time, from the headings and texts of RFC 2661 section 4.4, RFC 3145 section 2, RFC 3437
 * section 2 and RFC 5515 section 6: number, name, M, H, shortest and longest value, the messages that carry it.
 */
class AvpRegistryTest {
    private static final int LONGEST = 1017;

    // RFC 2661 sections 4.1, 4.2 and 4.4
    @ParameterizedTest(name = "AVP {0} ({1})")
    @CsvSource(delimiter = '|', value = {
            "0  | Message Type                  | M  | 2  | 2  | all",
            "1  | Result Code                   | M  | 2  | *  | CDN STOPCCN",
            "2  | Protocol Version              | M  | 2  | 2  | SCCRP SCCRQ",
            "3  | Framing Capabilities          | MH | 4  | 4  | SCCRP SCCRQ",
            "4  | Bearer Capabilities           | MH | 4  | 4  | SCCRP SCCRQ",
            "5  | Tie Breaker                   | -  | 8  | 8  | SCCRQ",
            "6  | Firmware Revision             | H  | 2  | 2  | SCCRP SCCRQ",
            "7  | Host Name                     | M  | 1  | *  | SCCRP SCCRQ",
            "8  | Vendor Name                   | H  | 0  | *  | SCCRP SCCRQ",
            "9  | Assigned Tunnel ID            | MH | 2  | 2  | SCCRP SCCRQ STOPCCN",
            "10 | Receive Window Size           | M  | 2  | 2  | SCCRP SCCRQ",
            "11 | Challenge                     | MH | 1  | *  | SCCRP SCCRQ",
            "12 | Q.931 Cause Code              | M  | 3  | *  | CDN",
            "13 | Challenge Response            | MH | 16 | 16 | SCCCN SCCRP",
            "14 | Assigned Session ID           | MH | 2  | 2  | CDN ICRP ICRQ OCRP OCRQ",
            "15 | Call Serial Number            | MH | 4  | 4  | ICRQ OCRQ",
            "16 | Minimum BPS                   | MH | 4  | 4  | OCRQ",
            "17 | Maximum BPS                   | MH | 4  | 4  | OCRQ",
            "18 | Bearer Type                   | MH | 4  | 4  | ICRQ OCRQ",
            "19 | Framing Type                  | MH | 4  | 4  | ICCN OCCN OCRQ",
            "21 | Called Number                 | MH | 0  | *  | ICRQ OCRQ",
            "22 | Calling Number                | MH | 0  | *  | ICRQ",
            "23 | Sub-Address                   | MH | 0  | *  | ICRQ OCRQ",
            "24 | (Tx) Connect Speed            | MH | 1  | 12 | ICCN OCCN",
            "25 | Physical Channel ID           | H  | 4  | 4  | ICRQ OCRP",
            "26 | Initial Received LCP CONFREQ  | H  | 0  | *  | ICCN",
            "27 | Last Sent LCP CONFREQ         | H  | 0  | *  | ICCN",
            "28 | Last Received LCP CONFREQ     | H  | 0  | *  | ICCN",
            "29 | Proxy Authen Type             | H  | 2  | 2  | ICCN",
            "30 | Proxy Authen Name             | H  | 0  | *  | ICCN",
            "31 | Proxy Authen Challenge        | H  | 0  | *  | ICCN",
            "32 | Proxy Authen ID               | H  | 2  | 2  | ICCN",
            "33 | Proxy Authen Response         | H  | 0  | *  | ICCN",
            "34 | Call Errors                   | MH | 26 | 26 | WEN",
            "35 | ACCM                          | MH | 10 | 10 | SLI",
            "36 | Random Vector                 | M  | 1  | *  | all",
            "37 | Private Group ID              | H  | 0  | *  | ICCN",
            "38 | Rx Connect Speed              | H  | 1  | 12 | ICCN OCCN",
            "39 | Sequencing Required           | M  | 0  | 0  | ICCN OCCN",
            "46 | PPP Disconnect Cause Code     | H  | 5  | *  | CDN",
            "49 | LCP Want Options              | H  | 0  | *  | ICCN OCCN",
            "50 | LCP Allow Options             | H  | 0  | *  | ICCN OCCN",
            "51 | LNS Last Sent LCP Confreq     | H  | 0  | *  | SLI",
            "52 | LNS Last Received LCP Confreq | H  | 0  | *  | SLI",
            "97 | Connect Speed Update          | H  | 12 | 12 | CSUN CSURQ",
            "98 | Connect Speed Update Enable   | H  | 0  | 0  | ICRQ ICCN OCCN"})
    void eachAvpIsAsItsDocumentDefinesIt(int number, String name, String bits, int shortest, String longest,
            String messages) {
        AvpType type = AvpType.of(number);
        assertThat(type).isNotNull();
        assertThat(type.rfcName()).isEqualTo(name);
        assertThat(type.mandatory()).as("M").isEqualTo(bits.contains("M"));
        assertThat(type.mayBeHidden()).as("H").isEqualTo(bits.contains("H"));
        int most = longest.equals("*") ? LONGEST : Integer.parseInt(longest);
        assertThat(type.acceptsLength(shortest)).isTrue();
        assertThat(type.acceptsLength(most)).isTrue();
        assertThat(type.acceptsLength(shortest - 1)).isFalse();
        assertThat(type.acceptsLength(most + 1)).isFalse();
        Set<MessageType> carriers = messages.equals("all")
                ? EnumSet.allOf(MessageType.class)
                : Arrays.stream(messages.split(" ")).map(MessageType::valueOf).collect(Collectors.toSet());
        assertThat(Arrays.stream(MessageType.values()).filter(message -> MessageRules.of(message).allows(type)))
                .containsExactlyInAnyOrderElementsOf(carriers);
    }

    @Test
    void nothingElseIsUnderstood() {
        assertThat(AvpType.values()).hasSize(46);
        for (int number : new int[]{-1, 20, 40, 47, 48, 53, 59, 96, 99, 255, 65_535}) {
            assertThat(AvpType.of(number)).as("AVP " + number).isNull();
        }
    }

    // RFC 2661 section 4.4.2, error 8: the AVP that nobody understands is named in the text
    @Test
    void avpsAreNamedForPeople() {
        assertThat(AvpNames.describe(0, 21)).isEqualTo("AVP 21 (Called Number)");
        assertThat(AvpNames.describe(0, 76)).isEqualTo("AVP 76 (Failover Capability)");
        assertThat(AvpNames.describe(0, 1999)).isEqualTo("AVP 1999");
        assertThat(AvpNames.describe(9, 21)).isEqualTo("AVP 21 of vendor 9");
    }

    // RFC 2661 section 3.2, RFC 5515 section 4: the numbers of the messages, and what a fault in one ends
    @ParameterizedTest
    @CsvSource({"SCCRQ, 1", "SCCRP, 2", "SCCCN, 3", "STOPCCN, 4", "HELLO, 6", "OCRQ, 7", "OCRP, 8", "OCCN, 9",
            "ICRQ, 10", "ICRP, 11", "ICCN, 12", "CDN, 14", "WEN, 15", "SLI, 16", "CSUN, 28", "CSURQ, 29"})
    void theNumbersOfTheMessages(MessageType type, int number) {
        assertThat(type.number()).isEqualTo(number);
        assertThat(MessageType.of(number)).isEqualTo(type);
        boolean aboutACall = (number >= 7 && number <= 16);
        assertThat(type.scope() == MessageType.Scope.SESSION).isEqualTo(aboutACall);
    }
}

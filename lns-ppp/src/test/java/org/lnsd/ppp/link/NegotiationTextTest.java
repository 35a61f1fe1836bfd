package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the flight recorder keeps of a frame, and its words. */
class NegotiationTextTest {
    private static byte[] excerpt(String frame) {
        ByteBuf octets = Unpooled.wrappedBuffer(HexFormat.of().parseHex(frame));
        byte[] excerpt = NegotiationText.excerpt(octets, LinkEvent.Direction.RECEIVED).excerpt();
        assertThat(octets.readerIndex()).as("the frame is only borrowed").isZero();
        return excerpt;
    }

    private static String words(String frame) {
        byte[] excerpt = excerpt(frame);
        return NegotiationText.protocol(excerpt) + " " + NegotiationText.words(excerpt);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    // RFC 1661 section 6, RFC 1332 section 3, RFC 1877, RFC 5072: options in words
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "ff03c021 01050015 010405d4 0305c22305 0506a1b2c3d4 0702 | LCP Configure-Request id 5 [MRU 1492, Authentication CHAP-MD5, Magic a1b2c3d4, PFC]",
            "c021 0405000f 0d0306 0408c02500000064 | LCP Configure-Reject id 5 [Callback, Quality-Protocol c02500000064]",
            "c021 03050010 0305c22381 0305c22380 0802 | LCP Configure-Nak id 5 [Authentication MS-CHAPv2, Authentication MS-CHAP, ACFC]",
            "c021 0105000d 0304c227 0305c22307 | LCP Configure-Request id 5 [Authentication 0xc227, Authentication CHAP algorithm 7]",
            "c021 01050010 110405dc 1202 130401aa 0302 | LCP Configure-Request id 5 [MRRU 1500, Short-Sequence, Endpoint 01aa, Authentication ]",
            "8021 01070010 0306cb007107 810609090909 | IPCP Configure-Request id 7 [IP-Address 203.0.113.7, DNS 9.9.9.9]",
            "8021 02070010 820600000000 8402 0204002d | IPCP Configure-Ack id 7 [WINS 0.0.0.0, secondary-WINS , IP-Compression 002d]",
            "8057 0107000e 010a00000000000000aa | IPv6CP Configure-Request id 7 [interface-id 00000000000000aa]",
            "80fd 01010004 | CCP Configure-Request id 1 []",
            "4221 01010006 0101 | 0x4221 Configure-Request id 1 malformed options",
            "c021 05010004 | LCP Terminate-Request id 1", "c021 63010004 | LCP code 99 id 1",
            "c223 03010004 | CHAP Success id 1",
            "c023 63010004 | PAP code 99 id 1", "c021 0101 | LCP 2 octets",
            "c021 01010003 | LCP Configure-Request id 1 bad length 3",
            "c021 010100ff | LCP Configure-Request id 1 bad length 255", "c0 | malformed 0 octets"})
    void wordsOf(String frame, String words) { assertThat(words(frame.replace(" ", ""))).isEqualTo(words); }

    // RFC 1334, RFC 1994: neither passwords nor responses are even kept
    @ParameterizedTest
    @ValueSource(strings = {"c023", "c223"})
    void nothingSecretIsKept(String protocol) {
        for (int code = 0; code < 256; code++) {
            byte[] excerpt = excerpt(protocol + "%02x010014".formatted(code) + hex("alice").repeat(2) + hex("secret"));
            assertThat(excerpt).hasSize(4 + 4);
        }
    }

    // RFC 1570 sections 2.1 and 2.2: what a modem says of itself, without anything that a terminal would obey
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"12 | a1b2c3d4 | MSRASV5.20 | LCP Identification id 9 \"MSRASV5.20\"",
            "12 | a1b2c3d4 | '' | LCP Identification id 9", "12 | a1b2 | '' | LCP Identification id 9 malformed",
            "13 | a1b2c3d400000e10 | soon | LCP Time-Remaining id 9 3600 s \"soon\"",
            "13 | a1b2c3d4ffffffff | '' | LCP Time-Remaining id 9 4294967295 s",
            "13 | a1b2c3d4 | soo | LCP Time-Remaining id 9 malformed"})
    void whatAModemSays(int code, String head, String said, String words) {
        String body = head + hex(said);
        assertThat(words("c021%02x09%04x".formatted(code, 4 + body.length() / 2) + body)).isEqualTo(words);
    }

    @Test
    void whatAModemSaysCannotReachATerminal() {
        String body = "a1b2c3d4" + hex("\u001b[2J\r\nroot\u0000\u00e4");
        assertThat(words("c0210c09%04x".formatted(4 + body.length() / 2) + body))
                .isEqualTo("LCP Identification id 9 \"?[2J??root??\"");
    }

    @Test
    void longPacketsAreCutAndSayHowLongTheyWere() {
        String options = "0506a1b2c3d4".repeat(50);
        assertThat(excerpt("c0210105%04x".formatted(4 + options.length() / 2) + options)).hasSize(4 + 124);
        assertThat(words("c0210105%04x".formatted(4 + options.length() / 2) + options))
                .isEqualTo("LCP Configure-Request id 5 304 octets");
        String said = "a1b2c3d4" + hex("x".repeat(300));
        assertThat(words("c0210c09%04x".formatted(4 + said.length() / 2) + said))
                .isEqualTo("LCP Identification id 9 \"" + "x".repeat(116) + "\"");
    }

    // Echoes come all day long
    @ParameterizedTest
    @CsvSource({"c02109010008a1b2c3d4,false", "ff03c0210a010008a1b2c3d4,false", "c0210b010008a1b2c3d4,false",
            "c02108010004,true", "c0210c010004,true", "80210901000400,true", "c021,true"})
    void echoesAreNotRecorded(String frame, boolean recorded) {
        assertThat(NegotiationText.isWorthRecording(Unpooled.wrappedBuffer(HexFormat.of().parseHex(frame))))
                .isEqualTo(recorded);
    }
}

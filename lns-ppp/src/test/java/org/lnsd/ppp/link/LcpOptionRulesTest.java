package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;

/** The LCP options one by one: RFC 1661 section 6, RFC 1570 section 3, RFC 1989, RFC 1990 section 5.1, RFC 2153 section 2. */
class LcpOptionRulesTest {
    private static final String PAP = "0304c023";
    private static final String CHAP = "0305c22305";
    private static final String MSCHAPV2 = "0305c22381";
    private static final String EAP = "0304c227";
    private static final List<AuthenticationProtocol> ALL = List.of(AuthenticationProtocol.MSCHAPV2,
            AuthenticationProtocol.CHAP_MD5, AuthenticationProtocol.PAP);

    private static Script plain() { return started(LinkSettings.server()); }

    private static Script started(LinkSettings.Builder settings) {
        var script = new Script(settings);
        script.server.link.start(script.nowNs);
        return script;
    }

    private static String options(String frame) { return frame.substring(12); }

    /** The authentication that the request demands. */
    private static String demanded(String request) {
        int at = options(request).indexOf("03", 8);
        int bytes = Integer.parseInt(options(request).substring(at + 2, at + 4), 16);
        return options(request).substring(at, at + 2 * bytes);
    }

    private static String nak(Script script, String request, String suggestion) {
        return script.send(Script.LCP, 3, Script.id(request), suggestion).getFirst();
    }

    /** Options that a modem may know and we do not, each with its data. */
    private static final List<String> EXTENSIONS = List.of("0006001a2b01", // RFC 2153 section 2.1: a vendor's
            "0408c02500000064", // RFC 1989: quality
            "090302", // RFC 1570 section 3.1: FCS alternatives
            "0a0304", // section 3.2: self-describing padding
            "0b0408ff", "0c0400ff", // RFC 1663: numbered mode, multilink procedure
            "0d0306", // RFC 1570 section 3.3: callback
            "0e02", "0f02", // connect time, compound frames (section 3.4)
            "1002", // nominal data encapsulation
            "110405dc", "1202", "130901aabbccddeeff", // RFC 1990 section 5.1, where there is no multilink
            "1406aabbccdd", "1504aabb", "17040001", "1802", "1903aa", "1a040401", "1b06aabbccdd", "1c02", "ff03aa");

    // RFC 1661 section 5.4, RFC 2153 section 2.1: what is not known is rejected as it came, not Nak'd
    @Test
    void eachExtensionIsRejectedAsItCame() {
        Script script = plain();
        script.drained();
        int identifier = 1;
        for (String extension : EXTENSIONS) {
            assertThat(script.send(Script.LCP, 1, ++identifier, Script.PEER + extension))
                    .containsExactly("c021" + Script.packet(4, identifier, extension));
        }
    }

    // RFC 1661 section 5.4: all of them in one Reject, in the order of the request
    @Test
    void allExtensionsAreRejectedTogether() {
        Script script = plain();
        script.drained();
        String all = String.join("", EXTENSIONS);
        assertThat(script.send(Script.LCP, 1, 7, all)).containsExactly("c021" + Script.packet(4, 7, all));
        assertThat(script.send(Script.LCP, 1, 8, Script.PEER))
                .containsExactly("c021" + Script.packet(2, 8, Script.PEER));
    }

    // RFC 1661 section 6.1, RFC 4638: an MRU is the peer's to choose, below our minimum it is Nak'd with that
    @ParameterizedTest
    @CsvSource({"0,3", "1,3", "64,3", "127,3", "128,2", "576,2", "1280,2", "1492,2", "1500,2", "1508,2", "9000,2",
            "65535,2"})
    void mruOfThePeer(int octets, int code) {
        Script script = plain();
        script.drained();
        String asked = "0104%04x".formatted(octets);
        assertThat(script.send(Script.LCP, 1, 5, asked))
                .containsExactly("c021" + Script.packet(code, 5, code == 2 ? asked : "01040080"));
    }

    // RFC 1661 section 6.1: what we take is ours to say; a peer makes it smaller, not larger, and not useless
    @ParameterizedTest
    @CsvSource({"01040000,05dc", "01040043,05dc", "01040044,0044", "010405a0,05a0", "010405dc,05dc", "010405dd,05dc",
            "0104ffff,05dc", "010305,05dc", "0106000005a0,05dc"})
    void ourMruAfterANak(String suggestion, String next) {
        Script script = plain();
        assertThat(options(nak(script, script.drained().getFirst(), suggestion))).startsWith("0104" + next);
    }

    // RFC 1661 section 6.1: without the option the MRU is 1500, for either end
    @Test
    void withoutTheOptionTheMruIs1500() {
        Script script = started(LinkSettings.server().mru(1400));
        String request = script.drained().getFirst();
        String next = script.send(Script.LCP, 4, Script.id(request), "01040578").getFirst();
        assertThat(options(next)).doesNotStartWith("0104");
        script.send(Script.LCP, 1, 1, Script.PEER);
        script.acknowledge(next);
        LcpAgreement agreement = script.server.all(LinkEvent.LcpOpened.class).getFirst().agreement();
        assertThat(agreement.localMru()).isEqualTo(1500);
        assertThat(agreement.peerMru()).isEqualTo(1500);
    }

    // RFC 1661 section 6.2: one protocol in a request, the most wanted first, and each of ours is asked for once
    @Test
    void authenticationGoesThroughTheList() {
        Script script = started(LinkSettings.server().authentication(ALL));
        String first = script.drained().getFirst();
        assertThat(demanded(first)).isEqualTo(MSCHAPV2);
        String second = nak(script, first, EAP);
        assertThat(demanded(second)).isEqualTo(CHAP);
        String third = nak(script, second, EAP);
        assertThat(demanded(third)).isEqualTo(PAP);
        assertThat(nak(script, third, EAP)).startsWith("c02105");
        script.waitFor(TimeUnit.SECONDS.toNanos(10));
        assertThat(script.server.all(LinkEvent.Down.class).getFirst().cause().disconnectCode()).isEqualTo(15);
    }

    // RFC 1661 section 6.2: what the peer suggests is taken if it is allowed, also when it comes before what was asked last
    @Test
    void authenticationThatWasPassedOverMayStillBeSuggested() {
        Script script = started(LinkSettings.server().authentication(ALL));
        String first = script.drained().getFirst();
        String second = nak(script, first, PAP);
        assertThat(demanded(second)).isEqualTo(PAP);
        String third = nak(script, second, CHAP);
        assertThat(demanded(third)).isEqualTo(CHAP);
        assertThat(nak(script, third, MSCHAPV2)).as("refused already").startsWith("c02105");
    }

    // RFC 1661 section 6.2, RFC 1994 section 3, RFC 2759 section 3: other algorithms and protocols are none of ours
    @ParameterizedTest
    @ValueSource(strings = {"0305c22380", "0305c22306", "0305c22300", "0304c223", "0306c2230500", "0305c02300",
            "0304c025",
            "0302", "0303c0"})
    void suggestionsThatAreNotOursGoOnInTheList(String suggestion) {
        Script script = started(LinkSettings.server().authentication(ALL));
        assertThat(demanded(nak(script, script.drained().getFirst(), suggestion))).isEqualTo(CHAP);
    }

    // RFC 1661 section 6.4: a magic number that is Nak'd is chosen anew, whatever was suggested
    @ParameterizedTest
    @ValueSource(strings = {"050600000000", "0506a1b2c3d4", "050400aa", "0502"})
    void magicNumberIsChosenAnewAfterANak(String suggestion) {
        Script script = plain();
        String request = script.drained().getFirst();
        String next = nak(script, request, suggestion);
        String former = request.substring(request.length() - 12);
        assertThat(next.substring(next.length() - 12)).matches("0506.{8}").isNotEqualTo(former)
                .isNotEqualTo("050600000000").isNotEqualTo(suggestion);
    }

    // RFC 1661 section 5.8: a modem that returns our echo as it came answers; a request with our own number is a loop
    @Test
    void ourOwnMagicIsALoopInRequestsOnly() {
        Script script = plain();
        String request = script.drained().getFirst();
        script.send(Script.LCP, 1, 1, Script.PEER);
        script.acknowledge(request);
        String magic = request.substring(request.length() - 8);
        for (int times = 0; times < 20; times++) {
            assertThat(script.send(Script.LCP, 10, times, magic)).isEmpty();
        }
        assertThat(script.server.link.view().lcp()).isEqualTo("Opened");
        for (int times = 0; times < 20 && !script.server.saw(LinkEvent.Down.class); times++) {
            script.send(Script.LCP, 9, times, magic).forEach(end -> script.send(Script.LCP, 6, Script.id(end), ""));
        }
        assertThat(script.server.all(LinkEvent.Down.class).getFirst().cause().disconnectCode()).isEqualTo(7);
    }

    // RFC 1661 sections 6.5, 6.6: what we may leave out follows from what the peer asked for, not from what we did
    @ParameterizedTest
    @CsvSource({"'',true,false", "0702,true,true", "0802,false,false", "07020802,false,true"})
    void compressionOfHeadersFollowsThePeer(String asked, boolean addressControl, boolean protocolCompressed) {
        Script script = started(LinkSettings.server().offerAcfc(true).offerPfc(true));
        assertThat(script.drained().getFirst()).endsWith("07020802");
        script = started(LinkSettings.server());
        script.openLcp(Script.PEER + asked);
        assertThat(script.server.link.sendWithAddressControl()).isEqualTo(addressControl);
        assertThat(script.server.link.sendProtocolCompressed()).isEqualTo(protocolCompressed);
    }

    // RFC 1990 section 5.1: multilink options where it is offered
    @ParameterizedTest
    @CsvSource({"110405dc,2,110405dc", "11040080,2,11040080", "1104007f,3,110405dc", "110305,3,110405dc",
            "1202,2,1202", "1204aabb,4,1204aabb", "1302,4,1302", "130300,2,130300",
            "131801aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,4,131801aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void multilinkOptions(String option, int code, String answer) {
        Script script = started(LinkSettings.server().mrru(1500));
        assertThat(script.drained().getFirst()).contains("110405dc");
        assertThat(script.send(Script.LCP, 1, 5, option)).containsExactly("c021" + Script.packet(code, 5, answer));
    }

    // RFC 1990 section 5.1: what we offer ourselves and the peer's Nak or Reject makes of it; there is nothing without an MRRU
    @ParameterizedTest
    @CsvSource({"3,11040400,11040400 1202 130401aa", "3,11040800,110405dc 1202 130401aa",
            "3,1104007f,110405dc 1202 130401aa",
            "3,1202,110405dc 130401aa", "3,130401bb,110405dc 1202", "4,1202,110405dc 130401aa",
            "4,130401aa,110405dc 1202", "4,110405dc,''", "4,110405dc1202130401aa,''"})
    void ourMultilinkOptionsAfterARefusal(int code, String refused, String next) {
        Script script = started(LinkSettings.server().mrru(1500).shortSequenceNumbers(true)
                .endpointDiscriminator(List.of((byte) 1, (byte) 0xaa)));
        String request = script.drained().getFirst();
        assertThat(request).endsWith("110405dc" + "1202" + "130401aa");
        String again = script.send(Script.LCP, code, Script.id(request), refused).getFirst();
        String before = options(request).substring(0, options(request).indexOf("110405dc"));
        assertThat(options(again)).isEqualTo(before + next.replace(" ", ""));
        script.send(Script.LCP, 1, 1, Script.PEER + "110405dc");
        script.acknowledge(again);
        assertThat(script.server.all(LinkEvent.LcpOpened.class)).singleElement()
                .extracting(opened -> opened.agreement().localMrru() > 0).isEqualTo(next.startsWith("11"));
    }

    // RFC 1661 section 6.2, RFC 3145 section 3: who rejects that we authenticate is not let in; the cause is 15
    @Test
    void aRejectOfAuthenticationEndsTheLink() {
        Script script = started(LinkSettings.server());
        String request = script.drained().getFirst();
        script.send(Script.LCP, 4, Script.id(request), demanded(request));
        script.waitFor(10_000_000_000L);
        assertThat(script.server.all(LinkEvent.Down.class).getFirst().cause().disconnectCode()).isEqualTo(15);
        assertThat(script.server.saw(LinkEvent.LcpOpened.class)).isFalse();
    }
}

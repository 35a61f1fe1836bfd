package org.lnsd.l2tp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lnsd.l2tp.avp.AvpHiding;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.avp.Secret;
import org.lnsd.l2tp.avp.VendorAvp;

import io.netty.buffer.Unpooled;

/** Control messages as an operator reads them in a trace. */
class ControlTextTest {
    private static final Octets SECRET = Octets
            .of("0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    private static final String SECRET_HEX = SECRET.toString();

    private static String text(ControlMessage message) {
        return ControlText.of(Unpooled.wrappedBuffer(MessageEncoder.plain().encode(message, 7, 9)));
    }

    private static String text(String hex) {
        return ControlText.of(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
    }

    @Test
    void aSccrqTellsWhoComes() {
        PeerInfo lac = new PeerInfo("lac", Optional.of("a \"vendor\"\n"), 0x0100, OptionalInt.of(3), 3,
                OptionalInt.empty(), 16, List.of());
        assertThat(text(new Sccrq(lac, 5, Optional.empty(), Optional.of(SECRET))))
                .startsWith("SCCRQ tunnel 7 session 9 Ns 0 Nr 0, Protocol Version 256, Host Name \"lac\"")
                .contains("Assigned Tunnel ID 5").contains("Vendor Name \"a ?vendor??\"").contains("Challenge (kept)");
    }

    @Test
    void aCdnTellsItsCause() {
        assertThat(text(new Cdn(5, CallDisconnect.error(ErrorCode.BAD_SESSION_ID, "no such session"))))
                .contains("Result Code 2 error 5 \"no such session\"").contains("Assigned Session ID 5");
        assertThat(text(new Cdn(5, CallDisconnect.of(ResultCode.CDN_BUSY, "")))).contains("Result Code 8, ");
    }

    // What a password or an answer could be guessed from is never shown
    @Test
    void secretsAreNotShown() {
        ProxyAuthentication pap = new ProxyAuthentication(ProxyAuthentication.PAP, "alice", SECRET, 1, SECRET);
        String iccn = text(new Iccn(CallParameters.builder().proxyAuthentication(Optional.of(pap)).build()));
        assertThat(iccn).contains("Proxy Authen Name \"alice\"", "Proxy Authen Response (kept)")
                .doesNotContain(SECRET_HEX).doesNotContain("0123456789abcdef");
        assertThat(text(new Scccn(Optional.of(SECRET)))).endsWith("Challenge Response (kept)");
        byte[] hidden = new MessageEncoder(new AvpHiding(Secret.of("x")), new SplittableRandom(1))
                .encode(new Scccn(Optional.of(SECRET)), 1, 0);
        assertThat(ControlText.of(Unpooled.wrappedBuffer(hidden))).contains("Random Vector (kept)")
                .endsWith("Challenge Response (hidden)");
    }

    @Test
    void vendorsAvpsAreNumbers() {
        IncomingCall call = IncomingCall.of(1, "a", "b").withPeerSessionId(3)
                .withVendorAvps(List.of(new VendorAvp(VendorAvp.CISCO, 100, false, Octets.of((byte) 0xab))));
        assertThat(text(new Icrq(call))).endsWith("AVP 9/100 ab");
    }

    @ParameterizedTest
    @CsvSource({"c802000c0001000200030004, ZLB tunnel 1 session 2 Ns 3 Nr 4", "c80200, 'malformed, 3 octets'",
            "c8020014000100020003000480080000000003e7, message 999 tunnel 1 session 2 Ns 3 Nr 4",
            "c80200120001000200030004800500000000, ' malformed AVP at offset 12'"})
    void whatIsNoMessageOfOursIsToldToo(String hex, String text) { assertThat(text(hex)).isEqualTo(text); }

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void theMessagesOfTheTunnelItselfAreKept(MessageType type) {
        byte[] message = MessageEncoder.plain().encode(new RandomMessages(3).of(type), 1, 0);
        assertThat(ControlText.isAboutTunnel(Unpooled.wrappedBuffer(message)))
                .isEqualTo(type.number() <= MessageType.STOPCCN.number());
        assertThat(ControlText.of(Unpooled.wrappedBuffer(message))).startsWith(type + " tunnel 1 session 0");
    }
}

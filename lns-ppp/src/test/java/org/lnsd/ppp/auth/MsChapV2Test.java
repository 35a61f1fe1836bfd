package org.lnsd.ppp.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The vectors of RFC 2759 section 9.2 and a CHAP response computed by its definition. */
class MsChapV2Test {
    private static final byte[] AUTHENTICATOR_CHALLENGE = hex("5b5d7c7d7b3f2f3e3c2c602132262628");
    private static final byte[] PEER_CHALLENGE = hex("21402324255e262a28295f2b3a337c7e");
    private static final byte[] NT_RESPONSE = hex("82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df");

    private static byte[] hex(String text) { return HexFormat.of().parseHex(text); }

    @Test
    void challengeHash() {
        assertThat(MsChapV2.challengeHash(PEER_CHALLENGE, AUTHENTICATOR_CHALLENGE, "User"))
                .isEqualTo(hex("d02e4386bce91226"));
    }

    @Test
    void ntPasswordHash() {
        assertThat(MsChapV2.ntPasswordHash("clientPass")).isEqualTo(hex("44ebba8d5312b8d611474411f56989ae"));
    }

    @Test
    void ntResponse() {
        assertThat(MsChapV2.ntResponse(AUTHENTICATOR_CHALLENGE, PEER_CHALLENGE, "User", "clientPass"))
                .isEqualTo(NT_RESPONSE);
    }

    @Test
    void authenticatorResponse() {
        assertThat(MsChapV2.authenticatorResponse("clientPass", NT_RESPONSE, PEER_CHALLENGE, AUTHENTICATOR_CHALLENGE,
                "User")).isEqualTo("S=407A5589115FD0D6209F510FE9C04566932CDA56");
    }

    // RFC 2759 section 8.2: the domain is left out
    @Test
    void verifierTakesNameWithDomain() {
        var credentials = new Credentials.MsChapV2("BIGCO\\User", 1, AUTHENTICATOR_CHALLENGE, PEER_CHALLENGE,
                NT_RESPONSE, 0);
        assertThat(CredentialVerifier.verify(credentials, "clientPass")).isEqualTo(
                new AuthenticationResult.Success("", Optional.of("S=407A5589115FD0D6209F510FE9C04566932CDA56")));
        assertThat(CredentialVerifier.verify(credentials, "other")).isInstanceOf(AuthenticationResult.Failure.class);
    }

    // RFC 1994 section 4.1
    @Test
    void chapResponseIsMd5OverIdSecretAndChallenge() throws Exception {
        byte[] challenge = hex("0102030405060708");
        byte[] expected = java.security.MessageDigest.getInstance("MD5")
                .digest(hex("07" + "736563726574" + "0102030405060708"));
        assertThat(ChapMd5.response(7, "secret", challenge)).isEqualTo(expected);
        assertThat(CredentialVerifier.verify(new Credentials.Chap("u", 7, challenge, expected), "secret"))
                .isInstanceOf(AuthenticationResult.Success.class);
        assertThat(CredentialVerifier.verify(new Credentials.Chap("u", 8, challenge, expected), "secret"))
                .isInstanceOf(AuthenticationResult.Failure.class);
    }

    // RFC 1334 section 2
    @Test
    void papComparesThePassword() {
        assertThat(CredentialVerifier.verify(
                new Credentials.Pap("u", "secret".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                "secret")).isInstanceOf(AuthenticationResult.Success.class);
        assertThat(CredentialVerifier.verify(new Credentials.Pap("u", new byte[0]), "secret"))
                .isInstanceOf(AuthenticationResult.Failure.class);
    }
}

package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.PppDisconnectCause;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.ppp.link.DownCause;

/** What a LAC is told of the end of PPP, and what is made of what it tells: RFC 3145. */
class DisconnectCausesTest {

    private static final int LCP = 0xc021;

    private static PppDisconnectCause told(DownCause.Reason reason) {
        CallDisconnect cdn = DisconnectCauses.ofLink(new DownCause(reason, "why", LCP)).disconnect();
        return cdn.pppCause().orElseThrow();
    }

    // RFC 3145 section 3: the codes of the registry, each with the end that it is about
    @ParameterizedTest
    @CsvSource({"CARRIER_LOST, 0, 0", "LOCAL_CLOSE, 3, 2", "PEER_CLOSE, 3, 1", "LCP_TIMEOUT, 5, 0", "LCP_SILENT, 6, 0",
            "LCP_FAILED, 5, 0", "LOOPBACK, 7, 0", "PEER_DEAD, 8, 0", "AUTHENTICATION_TIMEOUT, 13, 0",
            "AUTHENTICATION_PROTOCOL_REFUSED, 15, 1", "AUTHENTICATION_FAILED, 16, 1", "NETWORK_TIMEOUT, 17, 0",
            "NO_NETWORK, 18, 0", "NETWORK_FAILED, 19, 0"})
    void eachEndOfALinkHasItsCodeAndDirection(DownCause.Reason reason, int code, int direction) {
        assertThat(told(reason)).isEqualTo(new PppDisconnectCause(code, LCP, direction, "why"));
    }

    // RFC 3145 section 1: beside the Result Code, not in its place
    @ParameterizedTest
    @EnumSource(DownCause.Reason.class)
    void theResultCodeSaysWhatItSaysWithoutIt(DownCause.Reason reason) {
        CallDisconnect cdn = DisconnectCauses.ofLink(new DownCause(reason, "why", LCP)).disconnect();
        assertThat(cdn.resultCode()).isIn(ResultCode.CDN_LOST_CARRIER, ResultCode.CDN_ADMINISTRATIVE);
        assertThat(cdn.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(cdn.message()).isEqualTo("why");
    }

    // RFC 3145 section 1: it informs, and has no effect on tunnel or session
    @Test
    void whatTheLacTellsChangesTheTextOnly() {
        CallDisconnect plain = CallDisconnect.of(ResultCode.CDN_LOST_CARRIER, "gone");
        for (int code : new int[]{0, 3, 16, 20, 21, 65_535}) {
            CallDisconnect more = plain.withPppCause(new PppDisconnectCause(code, LCP, 255, "f\u00fcr dich"));
            SessionEnd end = DisconnectCauses.ofCall(more);
            assertThat(end.text()).contains("PPP cause " + code + " (f\u00fcr dich)");
            assertThat(end.accounting()).isEqualTo(DisconnectCauses.ofCall(plain).accounting());
            assertThat(end.label()).isEqualTo("call-disconnected");
        }
        assertThat(plain.pppCause()).isEqualTo(Optional.empty());
    }
}

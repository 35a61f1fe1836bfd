package org.lnsd.daemon.session;

import org.lnsd.daemon.aaa.TerminateCause;
import org.lnsd.daemon.session.SessionEnd.Fault;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.PppDisconnectCause;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.ppp.link.DownCause;

/** Translates how a link or a call ended into the words of the LAC (RFC 2661 section 4.4.2, RFC 3145) and of accounting. */
final class DisconnectCauses {

    private DisconnectCauses() {}

    /** A PPP link went down by itself. */
    static SessionEnd ofLink(DownCause cause) {
        String label = cause.reason().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        CallDisconnect disconnect = CallDisconnect.of(result(cause.reason()), cause.text()).withPppCause(
                new PppDisconnectCause(cause.disconnectCode(), cause.controlProtocol(), cause.direction(),
                        cause.text()));
        return new SessionEnd(fault(cause.reason()), label, cause.text(), disconnect, accounting(cause.reason()));
    }

    /** The LAC sent a CDN. */
    static SessionEnd ofCall(CallDisconnect cause) {
        String text = "CDN result " + cause.resultCode().value() + " error " + cause.errorCode().value()
                + (cause.message().isEmpty() ? "" : " (" + cause.message() + ")")
                + cause.pppCause().map(DisconnectCauses::text).orElse("");
        return new SessionEnd(Fault.REMOTE, "call-disconnected", text, cause, accounting(cause.resultCode()));
    }

    private static String text(PppDisconnectCause cause) {
        return " PPP cause " + cause.code() + (cause.message().isEmpty() ? "" : " (" + cause.message() + ")");
    }

    /** The tunnel is gone, and the call with it. */
    static SessionEnd ofTunnel(String text) {
        return new SessionEnd(Fault.REMOTE, "tunnel-lost", text, CallDisconnect.of(ResultCode.CDN_LOST_CARRIER, text),
                TerminateCause.LOST_SERVICE);
    }

    private static Fault fault(DownCause.Reason reason) {
        return switch (reason) {
            case AUTHENTICATION_FAILED, AUTHENTICATION_PROTOCOL_REFUSED, AUTHENTICATION_TIMEOUT -> Fault.AUTH;
            case LOCAL_CLOSE -> Fault.LOCAL;
            case CARRIER_LOST, PEER_CLOSE, LCP_TIMEOUT, LCP_SILENT, LCP_FAILED, LOOPBACK, PEER_DEAD, NETWORK_TIMEOUT,
                    NO_NETWORK, NETWORK_FAILED ->
                Fault.REMOTE;
        };
    }

    private static ResultCode result(DownCause.Reason reason) {
        return switch (reason) {
            case CARRIER_LOST, LCP_SILENT, PEER_DEAD -> ResultCode.CDN_LOST_CARRIER;
            case LCP_TIMEOUT, LCP_FAILED, LOOPBACK, LOCAL_CLOSE, PEER_CLOSE, AUTHENTICATION_TIMEOUT,
                    AUTHENTICATION_PROTOCOL_REFUSED, AUTHENTICATION_FAILED, NETWORK_TIMEOUT, NO_NETWORK,
                    NETWORK_FAILED ->
                ResultCode.CDN_ADMINISTRATIVE;
        };
    }

    private static TerminateCause accounting(DownCause.Reason reason) {
        return switch (reason) {
            case PEER_CLOSE -> TerminateCause.USER_REQUEST;
            case CARRIER_LOST, PEER_DEAD, LCP_SILENT -> TerminateCause.LOST_CARRIER;
            case LOCAL_CLOSE -> TerminateCause.ADMIN_RESET;
            case LCP_TIMEOUT, LCP_FAILED, LOOPBACK -> TerminateCause.PORT_ERROR;
            case AUTHENTICATION_TIMEOUT, AUTHENTICATION_PROTOCOL_REFUSED, AUTHENTICATION_FAILED, NETWORK_TIMEOUT,
                    NO_NETWORK, NETWORK_FAILED ->
                TerminateCause.USER_ERROR;
        };
    }

    private static TerminateCause accounting(ResultCode result) {
        if (result.equals(ResultCode.CDN_ADMINISTRATIVE)) {
            return TerminateCause.USER_REQUEST;
        }
        return result.equals(ResultCode.CDN_GENERAL_ERROR) ? TerminateCause.PORT_ERROR : TerminateCause.LOST_CARRIER;
    }
}

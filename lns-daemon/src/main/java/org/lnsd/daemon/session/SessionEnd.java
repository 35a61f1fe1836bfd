package org.lnsd.daemon.session;

import org.lnsd.daemon.aaa.TerminateCause;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.PppDisconnectCause;
import org.lnsd.l2tp.message.ResultCode;

/**
 * Why a session ends, for everybody who must be told.
 *
 * @param fault      whose doing it is, for the log
 * @param label      one word for logs and counters
 * @param text       for people, without secrets
 * @param disconnect what the LAC is told
 * @param accounting what the accounting is told
 */
public record SessionEnd(Fault fault, String label, String text, CallDisconnect disconnect, TerminateCause accounting) {

    /** Whose doing it is. */
    public enum Fault {
        /** The LAC or the subscriber. */
        REMOTE("remote"),
        /** Wrong credentials or a policy about users. */
        AUTH("auth"),
        /** We, by configuration, operator or lack of something. */
        LOCAL("local"),
        /** A defect of this program. */
        BUG("bug");

        private final String label;

        Fault(String label) { this.label = label; }

        /** Returns the word for the log. */
        public String label() { return label; }
    }

    // RFC 3145 section 3
    private static final int PPP_ADMINISTRATIVE = 1;
    private static final int PPP_NORMAL = 3;
    private static final int PPP_NO_ADDRESS = 20;

    /** An operator or a Disconnect-Request has asked for it. */
    public static SessionEnd cleared(String reason) {
        return administrative("cleared", reason, TerminateCause.ADMIN_RESET);
    }

    /** The daemon stops. */
    public static SessionEnd shutdown() {
        return administrative("shutdown", "server is going down", TerminateCause.ADMIN_REBOOT);
    }

    /** The same user has logged in again. */
    static SessionEnd replaced() {
        return administrative("replaced", "replaced by a newer login of the same user", TerminateCause.PORT_PREEMPTED);
    }

    /** The user has a session already and the policy keeps that. */
    static SessionEnd duplicateLogin() {
        return new SessionEnd(Fault.AUTH, "duplicate-login", "user is logged in already",
                ppp(ResultCode.CDN_ADMINISTRATIVE, PPP_ADMINISTRATIVE, 2, "user is logged in already"),
                TerminateCause.SERVICE_UNAVAILABLE);
    }

    /** Session-Timeout. */
    static SessionEnd sessionTimeout() {
        return local("session-timeout", "session timeout", PPP_NORMAL, TerminateCause.SESSION_TIMEOUT);
    }

    /** Idle-Timeout. */
    static SessionEnd idleTimeout() {
        return local("idle-timeout", "idle timeout", PPP_NORMAL, TerminateCause.IDLE_TIMEOUT);
    }

    /** Its volume is used up. */
    static SessionEnd volumeLimit() {
        return local("volume-limit", "volume is used up", PPP_NORMAL, TerminateCause.SESSION_TIMEOUT);
    }

    /** There is no address for it. */
    static SessionEnd noAddress(String text) {
        return new SessionEnd(Fault.LOCAL, "no-address", text,
                CallDisconnect.error(ErrorCode.NO_RESOURCES, text)
                        .withPppCause(new PppDisconnectCause(PPP_NO_ADDRESS, 0x8021, 2, text)),
                TerminateCause.SERVICE_UNAVAILABLE);
    }

    /** It is to have a filter that does not exist. */
    static SessionEnd missingFilter(String name) {
        String text = "filter " + name + " does not exist";
        return administrative("missing-filter", text, TerminateCause.SERVICE_UNAVAILABLE);
    }

    /** It is to be in a walled garden that does not exist. */
    static SessionEnd missingGarden(String name) {
        String text = "garden " + name + " does not exist";
        return administrative("missing-garden", text, TerminateCause.SERVICE_UNAVAILABLE);
    }

    /** The link does not fit the bundle of its subscriber, or the bundle's first link has ended. */
    static SessionEnd bundle(String text, int pppCode) {
        return new SessionEnd(Fault.REMOTE, "bundle", text, ppp(ResultCode.CDN_ADMINISTRATIVE, pppCode, 1, text),
                TerminateCause.PORT_UNNEEDED);
    }

    /** The call could not be set up. */
    static SessionEnd callFailed(CallDisconnect cause) {
        return new SessionEnd(Fault.REMOTE, "call-failed", cause.message(), cause, TerminateCause.PORT_ERROR);
    }

    /** Nobody could tell who the subscriber is. */
    static SessionEnd authenticationUnavailable(String why) {
        return new SessionEnd(Fault.LOCAL, "authentication-unavailable", why,
                CallDisconnect.error(ErrorCode.NO_RESOURCES, "authentication is not available"),
                TerminateCause.SERVICE_UNAVAILABLE);
    }

    /** Our own code has failed. */
    static SessionEnd bug(String what) {
        return new SessionEnd(Fault.BUG, "internal-error", what,
                CallDisconnect.error(ErrorCode.VENDOR_SPECIFIC, "internal error"), TerminateCause.NAS_ERROR);
    }

    private static SessionEnd administrative(String label, String text, TerminateCause accounting) {
        return local(label, text, PPP_ADMINISTRATIVE, accounting);
    }

    private static SessionEnd local(String label, String text, int pppCode, TerminateCause accounting) {
        return new SessionEnd(Fault.LOCAL, label, text, ppp(ResultCode.CDN_ADMINISTRATIVE, pppCode, 2, text),
                accounting);
    }

    static CallDisconnect ppp(ResultCode result, int code, int direction, String text) {
        return CallDisconnect.of(result, text).withPppCause(new PppDisconnectCause(code, 0, direction, text));
    }
}

package org.lnsd.l2tp.message;

import java.util.Optional;

/**
 * Why a call ends, as a CDN tells it (RFC 2661 section 6.12).
 *
 * @param message human readable, may be empty
 */
public record CallDisconnect(ResultCode resultCode, ErrorCode errorCode, String message,
        Optional<PppDisconnectCause> pppCause, Optional<Q931Cause> q931Cause) {

    /** A cause without error code, for example {@link ResultCode#CDN_ADMINISTRATIVE}. */
    public static CallDisconnect of(ResultCode resultCode, String message) {
        return new CallDisconnect(resultCode, ErrorCode.NONE, message, Optional.empty(), Optional.empty());
    }

    /** {@link ResultCode#CDN_GENERAL_ERROR} with its error code. */
    public static CallDisconnect error(ErrorCode errorCode, String message) {
        return new CallDisconnect(ResultCode.CDN_GENERAL_ERROR, errorCode, message, Optional.empty(),
                Optional.empty());
    }

    /** The same cause with the reason of PPP (RFC 3145). */
    public CallDisconnect withPppCause(PppDisconnectCause cause) {
        return new CallDisconnect(resultCode, errorCode, message, Optional.of(cause), q931Cause);
    }
}

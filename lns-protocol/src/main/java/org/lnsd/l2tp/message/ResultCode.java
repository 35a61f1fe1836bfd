package org.lnsd.l2tp.message;

/**
 * The result of a StopCCN or a CDN (RFC 2661 section 4.4.2); the two messages number theirs apart, and unknown numbers are kept.
 *
 * @param value 16 bits
 */
public record ResultCode(int value) {
    /** StopCCN: general request to clear the control connection. */
    public static final ResultCode STOP_CLEAR = new ResultCode(1);
    /** StopCCN: general error, the error code says which. */
    public static final ResultCode STOP_GENERAL_ERROR = new ResultCode(2);
    /** StopCCN: control channel already exists. */
    public static final ResultCode STOP_EXISTS = new ResultCode(3);
    /** StopCCN: requester is not authorized to establish a control channel. */
    public static final ResultCode STOP_NOT_AUTHORIZED = new ResultCode(4);
    /** StopCCN: the protocol version of the requester is not supported. */
    public static final ResultCode STOP_BAD_VERSION = new ResultCode(5);
    /** StopCCN: requester is being shut down. */
    public static final ResultCode STOP_SHUTTING_DOWN = new ResultCode(6);
    /** StopCCN: finite state machine error. */
    public static final ResultCode STOP_FSM_ERROR = new ResultCode(7);

    /** CDN: call disconnected due to loss of carrier. */
    public static final ResultCode CDN_LOST_CARRIER = new ResultCode(1);
    /** CDN: call disconnected for the reason indicated in the error code. */
    public static final ResultCode CDN_GENERAL_ERROR = new ResultCode(2);
    /** CDN: call disconnected for administrative reasons. */
    public static final ResultCode CDN_ADMINISTRATIVE = new ResultCode(3);
    /** CDN: call failed for lack of facilities, temporary condition. */
    public static final ResultCode CDN_NO_FACILITIES_TEMPORARY = new ResultCode(4);
    /** CDN: call failed for lack of facilities, permanent condition. */
    public static final ResultCode CDN_NO_FACILITIES_PERMANENT = new ResultCode(5);
    /** CDN: invalid destination. */
    public static final ResultCode CDN_INVALID_DESTINATION = new ResultCode(6);
    /** CDN: call failed due to no carrier detected. */
    public static final ResultCode CDN_NO_CARRIER = new ResultCode(7);
    /** CDN: call failed due to detection of a busy signal. */
    public static final ResultCode CDN_BUSY = new ResultCode(8);
    /** CDN: call failed due to lack of a dial tone. */
    public static final ResultCode CDN_NO_DIAL_TONE = new ResultCode(9);
    /** CDN: call was not established within the time allotted by the LAC. */
    public static final ResultCode CDN_TIMEOUT = new ResultCode(10);
    /** CDN: call was connected but no appropriate framing was detected. */
    public static final ResultCode CDN_NO_FRAMING = new ResultCode(11);
}

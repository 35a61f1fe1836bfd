package org.lnsd.l2tp.message;

/**
 * The general error code of a StopCCN or a CDN (RFC 2661 section 4.4.2); unknown numbers are kept.
 *
 * @param value 16 bits
 */
public record ErrorCode(int value) {
    /** No general error. */
    public static final ErrorCode NONE = new ErrorCode(0);
    /** No control connection exists yet for this LAC-LNS pair. */
    public static final ErrorCode NO_CONTROL_CONNECTION = new ErrorCode(1);
    /** Length is wrong. */
    public static final ErrorCode BAD_LENGTH = new ErrorCode(2);
    /** A field value was out of range or a reserved field was not zero. */
    public static final ErrorCode BAD_VALUE = new ErrorCode(3);
    /** Insufficient resources to handle this operation now. */
    public static final ErrorCode NO_RESOURCES = new ErrorCode(4);
    /** The Session ID is invalid in the context of this operation. */
    public static final ErrorCode BAD_SESSION_ID = new ErrorCode(5);
    /** A generic vendor-specific error occurred; the message says which. */
    public static final ErrorCode VENDOR_SPECIFIC = new ErrorCode(6);
    /** Try another: the initiator should try other destinations. */
    public static final ErrorCode TRY_ANOTHER = new ErrorCode(7);
    /** An unknown AVP with the M bit set was received. */
    public static final ErrorCode UNKNOWN_MANDATORY_AVP = new ErrorCode(8);
}

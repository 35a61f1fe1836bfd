package org.lnsd.l2tp.avp;

import org.jspecify.annotations.Nullable;

/**
 * The AVPs of the IETF that lnsd understands: RFC 2661 section 4.4, RFC 3145, RFC 3437 and RFC 5515 section 5.
 * Lengths are those of the value; M is what we send. Some LACs write connect speeds as decimal text instead of 4 octets.
 */
public enum AvpType {
    MESSAGE_TYPE(0, "Message Type", true, false, 2, 2),
    RESULT_CODE(1, "Result Code", true, false, 2, 1017),
    PROTOCOL_VERSION(2, "Protocol Version", true, false, 2, 2),
    FRAMING_CAPABILITIES(3, "Framing Capabilities", true, true, 4, 4),
    BEARER_CAPABILITIES(4, "Bearer Capabilities", true, true, 4, 4),
    TIE_BREAKER(5, "Tie Breaker", false, false, 8, 8),
    FIRMWARE_REVISION(6, "Firmware Revision", false, true, 2, 2),
    HOST_NAME(7, "Host Name", true, false, 1, 1017),
    VENDOR_NAME(8, "Vendor Name", false, true, 0, 1017),
    ASSIGNED_TUNNEL_ID(9, "Assigned Tunnel ID", true, true, 2, 2),
    RECEIVE_WINDOW_SIZE(10, "Receive Window Size", true, false, 2, 2),
    CHALLENGE(11, "Challenge", true, true, 1, 1017),
    Q931_CAUSE_CODE(12, "Q.931 Cause Code", true, false, 3, 1017),
    CHALLENGE_RESPONSE(13, "Challenge Response", true, true, 16, 16),
    ASSIGNED_SESSION_ID(14, "Assigned Session ID", true, true, 2, 2),
    CALL_SERIAL_NUMBER(15, "Call Serial Number", true, true, 4, 4),
    MINIMUM_BPS(16, "Minimum BPS", true, true, 4, 4),
    MAXIMUM_BPS(17, "Maximum BPS", true, true, 4, 4),
    BEARER_TYPE(18, "Bearer Type", true, true, 4, 4),
    FRAMING_TYPE(19, "Framing Type", true, true, 4, 4),
    CALLED_NUMBER(21, "Called Number", true, true, 0, 1017),
    CALLING_NUMBER(22, "Calling Number", true, true, 0, 1017),
    SUB_ADDRESS(23, "Sub-Address", true, true, 0, 1017),
    TX_CONNECT_SPEED(24, "(Tx) Connect Speed", true, true, 1, 12),
    PHYSICAL_CHANNEL_ID(25, "Physical Channel ID", false, true, 4, 4),
    INITIAL_RECEIVED_LCP_CONFREQ(26, "Initial Received LCP CONFREQ", false, true, 0, 1017),
    LAST_SENT_LCP_CONFREQ(27, "Last Sent LCP CONFREQ", false, true, 0, 1017),
    LAST_RECEIVED_LCP_CONFREQ(28, "Last Received LCP CONFREQ", false, true, 0, 1017),
    PROXY_AUTHEN_TYPE(29, "Proxy Authen Type", false, true, 2, 2),
    PROXY_AUTHEN_NAME(30, "Proxy Authen Name", false, true, 0, 1017),
    PROXY_AUTHEN_CHALLENGE(31, "Proxy Authen Challenge", false, true, 0, 1017),
    PROXY_AUTHEN_ID(32, "Proxy Authen ID", false, true, 2, 2),
    PROXY_AUTHEN_RESPONSE(33, "Proxy Authen Response", false, true, 0, 1017),
    CALL_ERRORS(34, "Call Errors", true, true, 26, 26),
    ACCM(35, "ACCM", true, true, 10, 10),
    RANDOM_VECTOR(36, "Random Vector", true, false, 1, 1017),
    PRIVATE_GROUP_ID(37, "Private Group ID", false, true, 0, 1017),
    RX_CONNECT_SPEED(38, "Rx Connect Speed", false, true, 1, 12),
    SEQUENCING_REQUIRED(39, "Sequencing Required", true, false, 0, 0),
    PPP_DISCONNECT_CAUSE(46, "PPP Disconnect Cause Code", false, true, 5, 1017),
    LCP_WANT_OPTIONS(49, "LCP Want Options", false, true, 0, 1017),
    LCP_ALLOW_OPTIONS(50, "LCP Allow Options", false, true, 0, 1017),
    LNS_LAST_SENT_LCP_CONFREQ(51, "LNS Last Sent LCP Confreq", false, true, 0, 1017),
    LNS_LAST_RECEIVED_LCP_CONFREQ(52, "LNS Last Received LCP Confreq", false, true, 0, 1017),
    CONNECT_SPEED_UPDATE(97, "Connect Speed Update", false, true, 12, 12),
    CONNECT_SPEED_UPDATE_ENABLE(98, "Connect Speed Update Enable", false, true, 0, 0);

    static final int HIGHEST_NUMBER = 98;
    private static final @Nullable AvpType[] BY_NUMBER = new @Nullable AvpType[HIGHEST_NUMBER + 1];

    static {
        for (AvpType type : values()) {
            BY_NUMBER[type.number] = type;
        }
    }

    private final int number;
    private final String rfcName;
    private final boolean mandatory;
    private final boolean mayBeHidden;
    private final int minimumLengthBytes;
    private final int maximumLengthBytes;

    AvpType(int number, String rfcName, boolean mandatory, boolean mayBeHidden, int minimumLengthBytes,
            int maximumLengthBytes) {
        this.number = number;
        this.rfcName = rfcName;
        this.mandatory = mandatory;
        this.mayBeHidden = mayBeHidden;
        this.minimumLengthBytes = minimumLengthBytes;
        this.maximumLengthBytes = maximumLengthBytes;
    }

    public int number() { return number; }

    /** The name that the RFC prints. */
    public String rfcName() { return rfcName; }

    /** The M bit with which it is sent. */
    public boolean mandatory() { return mandatory; }

    /** Whether the H bit may be set. */
    public boolean mayBeHidden() { return mayBeHidden; }

    /** Whether a value may have this length. */
    public boolean acceptsLength(int lengthBytes) {
        return lengthBytes >= minimumLengthBytes && lengthBytes <= maximumLengthBytes;
    }

    /** The type of an attribute number of vendor 0, null when lnsd does not understand it. */
    public static @Nullable AvpType of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}

package org.lnsd.system.lac;

/** Numbers of RFC 2661 that the scripted LAC uses, written down a second time on purpose. */
public final class L2tp {
    public static final int SCCRQ = 1;
    public static final int SCCRP = 2;
    public static final int SCCCN = 3;
    public static final int STOPCCN = 4;
    public static final int HELLO = 6;
    public static final int OCRQ = 7;
    public static final int OCCN = 9;
    public static final int ICRQ = 10;
    public static final int ICRP = 11;
    public static final int ICCN = 12;
    public static final int CDN = 14;
    public static final int WEN = 15;
    public static final int SLI = 16;
    public static final int CSUN = 28;
    public static final int CSURQ = 29;
    /** Not a message type: an acknowledgement only. */
    public static final int ZLB = 0;

    public static final int RESULT_CODE = 1;
    public static final int PROTOCOL_VERSION = 2;
    public static final int FRAMING_CAPABILITIES = 3;
    public static final int BEARER_CAPABILITIES = 4;
    public static final int TIE_BREAKER = 5;
    public static final int FIRMWARE_REVISION = 6;
    public static final int HOST_NAME = 7;
    public static final int VENDOR_NAME = 8;
    public static final int ASSIGNED_TUNNEL_ID = 9;
    public static final int RECEIVE_WINDOW_SIZE = 10;
    public static final int CHALLENGE = 11;
    public static final int CHALLENGE_RESPONSE = 13;
    public static final int ASSIGNED_SESSION_ID = 14;
    public static final int CALL_SERIAL_NUMBER = 15;
    public static final int MINIMUM_BPS = 16;
    public static final int MAXIMUM_BPS = 17;
    public static final int BEARER_TYPE = 18;
    public static final int FRAMING_TYPE = 19;
    public static final int CALLED_NUMBER = 21;
    public static final int CALLING_NUMBER = 22;
    public static final int TX_CONNECT_SPEED = 24;
    public static final int PHYSICAL_CHANNEL_ID = 25;
    public static final int CALL_ERRORS = 34;
    public static final int ACCM = 35;
    public static final int RANDOM_VECTOR = 36;
    public static final int RX_CONNECT_SPEED = 38;
    public static final int SEQUENCING_REQUIRED = 39;
    public static final int PPP_DISCONNECT_CAUSE = 46;
    public static final int CONNECT_SPEED_UPDATE = 97;

    private L2tp() {}
}

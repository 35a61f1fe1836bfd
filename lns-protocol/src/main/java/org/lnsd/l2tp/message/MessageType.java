package org.lnsd.l2tp.message;

import org.jspecify.annotations.Nullable;

/** The control message types of L2TPv2 (RFC 2661 section 3.2, RFC 5515 section 4). */
public enum MessageType {
    SCCRQ(1, Scope.CONNECTION),
    SCCRP(2, Scope.CONNECTION),
    SCCCN(3, Scope.CONNECTION),
    STOPCCN(4, Scope.CONNECTION),
    HELLO(6, Scope.CONNECTION),
    OCRQ(7, Scope.SESSION),
    OCRP(8, Scope.SESSION),
    OCCN(9, Scope.SESSION),
    ICRQ(10, Scope.SESSION),
    ICRP(11, Scope.SESSION),
    ICCN(12, Scope.SESSION),
    CDN(14, Scope.SESSION),
    WEN(15, Scope.SESSION),
    SLI(16, Scope.SESSION),
    CSUN(28, Scope.CONNECTION),
    CSURQ(29, Scope.CONNECTION);

    /** What a fault in a message ends: the control connection or one session. */
    public enum Scope {
        CONNECTION, SESSION
    }

    private static final @Nullable MessageType[] BY_NUMBER = new @Nullable MessageType[30];

    static {
        for (MessageType type : values()) {
            BY_NUMBER[type.number] = type;
        }
    }

    private final int number;
    private final Scope scope;

    MessageType(int number, Scope scope) {
        this.number = number;
        this.scope = scope;
    }

    /** The value of the Message Type AVP. */
    public int number() { return number; }

    /** The M bit with which it is sent: all of RFC 2661 have it (section 4.4.1); a peer that does not know the others shall ignore them. */
    public boolean mandatory() {
        return number <= SLI.number;
    }

    public Scope scope() { return scope; }

    /** The type of a number, null when it is unknown. */
    public static @Nullable MessageType of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}

package org.lnsd.daemon.aaa;

/** Why a session ended: Acct-Terminate-Cause, RFC 2866 section 5.10. */
public enum TerminateCause {
    /** The subscriber hung up (LCP Terminate-Request, CDN on its behalf). */
    USER_REQUEST(1),
    /** The carrier was lost (CDN result 1). */
    LOST_CARRIER(2),
    /** The line no longer answers echoes, or the tunnel is gone. */
    LOST_SERVICE(3),
    /** Idle-Timeout. */
    IDLE_TIMEOUT(4),
    /** Session-Timeout. */
    SESSION_TIMEOUT(5),
    /** The operator ended it, or a Disconnect-Request. */
    ADMIN_RESET(6),
    /** This node is being restarted. */
    ADMIN_REBOOT(7),
    /** The port failed. */
    PORT_ERROR(8),
    /** A fault inside this node. */
    NAS_ERROR(9),
    /** This node asked for it, for a reason of its own that is no fault. */
    NAS_REQUEST(10),
    /** This node started again without notice. */
    NAS_REBOOT(11),
    /** No longer needed. */
    PORT_UNNEEDED(12),
    /** Pre-empted, for example by a newer login of the same user. */
    PORT_PREEMPTED(13),
    /** Suspended. */
    PORT_SUSPENDED(14),
    /** The service could not be given, for example no address. */
    SERVICE_UNAVAILABLE(15),
    /** Called back. */
    CALLBACK(16),
    /** The subscriber's input was wrong. */
    USER_ERROR(17),
    /** Host asked to disconnect. */
    HOST_REQUEST(18);

    private final int code;

    TerminateCause(int code) { this.code = code; }

    /** The attribute's value. */
    public int code() { return code; }
}

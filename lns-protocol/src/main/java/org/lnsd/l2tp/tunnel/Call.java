package org.lnsd.l2tp.tunnel;

/** One call of a tunnel; only {@link Calls} changes it. */
final class Call {
    final int localSessionId;
    final CallRole role;
    final long deadlineNs;
    /** 0: not known yet. */
    int peerSessionId;
    CallState state;

    Call(int localSessionId, CallRole role, CallState state, long deadlineNs) {
        this.localSessionId = localSessionId;
        this.role = role;
        this.state = state;
        this.deadlineNs = deadlineNs;
    }

    boolean isEstablishing() { return state != CallState.ESTABLISHED && state != CallState.ENDED; }
}

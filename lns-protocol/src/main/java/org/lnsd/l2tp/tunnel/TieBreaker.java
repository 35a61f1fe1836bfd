package org.lnsd.l2tp.tunnel;

import java.util.Arrays;
import java.util.Optional;

import org.lnsd.l2tp.avp.Octets;

/** Which of two tunnels survives when both ends open one at once (RFC 2661 section 4.4.3, Tie Breaker AVP). */
public enum TieBreaker {
    /** The tunnel that we opened goes on, the peer's is discarded. */
    LOCAL_WINS,
    /** The tunnel that the peer opened goes on, ours is discarded. */
    PEER_WINS,
    /** Equal values: both tunnels are discarded. */
    BOTH_LOSE,
    /** Nobody sent a tie breaker: both tunnels go on. */
    NO_TIE;

    /** Judges the tie breakers of our outstanding SCCRQ and of the peer's. */
    public static TieBreaker judge(Optional<Octets> local, Optional<Octets> peer) {
        if (local.isEmpty() || peer.isEmpty()) {
            return local.isPresent() ? LOCAL_WINS : peer.isPresent() ? PEER_WINS : NO_TIE;
        }
        int order = Arrays.compareUnsigned(local.get().toByteArray(), peer.get().toByteArray());
        return order == 0 ? BOTH_LOSE : order < 0 ? LOCAL_WINS : PEER_WINS;
    }
}

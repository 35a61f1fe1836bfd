package org.lnsd.l2tp.tunnel;

import java.util.Optional;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.avp.AvpHiding;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.message.MessageType;

/** Tunnel authentication (RFC 2661 section 5.1.1): our challenge to the peer and our answer to its. */
final class TunnelAuthentication {
    private static final int CHALLENGE_BYTES = 16;

    private final @Nullable AvpHiding hiding;
    private final Optional<Octets> challenge;

    TunnelAuthentication(@Nullable AvpHiding hiding, boolean challengePeer, RandomGenerator random) {
        this.hiding = hiding;
        challenge = challengePeer ? Optional.of(newChallenge(random)) : Optional.empty();
    }

    private static Octets newChallenge(RandomGenerator random) {
        byte[] octets = new byte[CHALLENGE_BYTES];
        random.nextBytes(octets);
        return Octets.of(octets);
    }

    /** What the peer must answer, empty: nothing. */
    Optional<Octets> challenge() { return challenge; }

    /** Whether a challenge of the peer cannot be answered, because there is no secret. */
    boolean cannotAnswer(Optional<Octets> peerChallenge) {
        return peerChallenge.isPresent() && hiding == null;
    }

    /** The answer that {@code carrier} takes to the peer, empty when it did not challenge. */
    Optional<Octets> answer(MessageType carrier, Optional<Octets> peerChallenge) {
        return hiding == null || peerChallenge.isEmpty()
                ? Optional.empty()
                : Optional.of(hiding.answer(carrier.number(), peerChallenge.get()));
    }

    /** Whether the peer has proved itself, or need not. */
    boolean accepts(MessageType carrier, Optional<Octets> response) {
        if (challenge.isEmpty()) {
            return true;
        }
        return hiding != null && response.isPresent()
                && hiding.verify(carrier.number(), challenge.get(), response.get());
    }
}

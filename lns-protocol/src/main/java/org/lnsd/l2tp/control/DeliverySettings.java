package org.lnsd.l2tp.control;

/**
 * The limits of reliable delivery (RFC 2661 section 5.8).
 *
 * @param receiveWindow how far ahead of the expected message others are held
 * @param attempts how often a message is repeated
 * @param maximumQueue messages not yet acknowledged beyond which nothing more is taken from the peer
 */
public record DeliverySettings(int receiveWindow, long retransmitInitialNs, long retransmitMaximumNs, int attempts,
        int maximumQueue) {}

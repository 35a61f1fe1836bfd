package org.lnsd.l2tp.message;

/**
 * Why PPP ended, told in a CDN (RFC 3145 section 2).
 *
 * @param code the disconnect code, 16 bits, see RFC 3145 section 3
 * @param protocol the PPP control protocol that the code is about, or 0
 * @param direction 0 global error, 1 at the peer, 2 at the local end
 * @param message human readable, may be empty
 */
public record PppDisconnectCause(int code, int protocol, int direction, String message) {}

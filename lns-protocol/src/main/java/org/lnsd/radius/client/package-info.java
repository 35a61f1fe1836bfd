/**
 * The client side of RADIUS as a pure machine: server choice, identifiers, retransmission (RFC 5080 section 2.2.1), health with
 * Status-Server probes (RFC 5997), and the checks of each answer. Requests, datagrams and the time go in; datagrams, a deadline and
 * events come out.
 */
@org.jspecify.annotations.NullMarked
package org.lnsd.radius.client;

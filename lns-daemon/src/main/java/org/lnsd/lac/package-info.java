/**
 * {@code lnsd-lac}: an L2TP access concentrator with any number of subscribers behind it, for trying an LNS, for tests and for load. It
 * runs the LAC end of {@code org.lnsd.l2tp} and the client end of {@code org.lnsd.ppp} over the daemon's own forwarding.
 */
@NullMarked
package org.lnsd.lac;

import org.jspecify.annotations.NullMarked;

/**
 * Authentication, authorisation and accounting of sessions: the embedded users, RADIUS (RFC 2865, 2866, 2869, 3162, 6911)
 * and dynamic authorisation (RFC 5176), behind one interface that the session code calls from its own event loop.
 */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.aaa;

/**
 * The control loop: one thread that owns all tunnels and sessions, its one timer, and the rate limits it uses. A test
 * replaces it by a loop on a virtual clock.
 */
@NullMarked
package org.lnsd.daemon.loop;

import org.jspecify.annotations.NullMarked;

/** Tests of the control loop's timer and limits, and the loop on a virtual clock that other tests use. */
@NullMarked
package org.lnsd.daemon.loop;

import org.jspecify.annotations.NullMarked;

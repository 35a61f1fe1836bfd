/** Tests of sessions with the real machines on both ends, on a virtual clock and without sockets. */
@NullMarked
package org.lnsd.daemon.session;

import org.jspecify.annotations.NullMarked;

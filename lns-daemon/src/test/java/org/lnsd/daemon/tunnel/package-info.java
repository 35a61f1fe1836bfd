/** Tests of the tunnel table and of who may open a tunnel. */
@NullMarked
package org.lnsd.daemon.tunnel;

import org.jspecify.annotations.NullMarked;

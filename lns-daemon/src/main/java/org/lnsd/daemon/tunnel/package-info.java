/**
 * The tunnels of this LNS (RFC 2661): which LAC may open one, the table of those that are open, and the way of a control
 * message from the socket to its machine and back.
 */
@NullMarked
package org.lnsd.daemon.tunnel;

import org.jspecify.annotations.NullMarked;

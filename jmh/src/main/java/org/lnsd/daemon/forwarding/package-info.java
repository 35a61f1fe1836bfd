/** Micro-benchmarks of the packet's way: look-ups, from datagram to device, headers in front of a packet. */
@NullMarked
package org.lnsd.daemon.forwarding;

import org.jspecify.annotations.NullMarked;

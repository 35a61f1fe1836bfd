/**
 * The packet's way: L2TP data messages to IP packets on the TUN device and back, without locks, allocation or logging per packet.
 * RFC 2661 sections 3.1 and 5.3 to 5.5, RFC 1661 section 2, RFC 1662 section 3.1.
 */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.forwarding;

/** Live traces: what the flight recorder is told, handed to an operator at once, with the packets for Wireshark. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.trace;

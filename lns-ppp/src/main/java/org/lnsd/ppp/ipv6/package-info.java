/**
 * What a link offers its subscriber above PPP in IPv6: router advertisements (RFC 4861, 4862, 8106) and DHCPv6 (RFC 8415), server and client halves,
 * as pure machines that take and give whole IPv6 packets.
 */
@org.jspecify.annotations.NullMarked
package org.lnsd.ppp.ipv6;

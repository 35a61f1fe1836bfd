/** IPv6 above PPP: joins the machines for router advertisements and DHCPv6 to a session. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.ipv6;

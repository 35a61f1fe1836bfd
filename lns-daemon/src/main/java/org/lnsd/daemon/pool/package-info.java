/** The address pools: IPv4 addresses, IPv6 link prefixes and delegated prefixes, handed out never twice. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.pool;

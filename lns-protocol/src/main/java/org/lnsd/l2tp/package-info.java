/** L2TPv2 (RFC 2661) as pure machines: bytes, commands and the time go in; datagrams, deadlines and events come out. */
@org.jspecify.annotations.NullMarked
package org.lnsd.l2tp;

/** What the service manager hears, over a real datagram socket. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.system;

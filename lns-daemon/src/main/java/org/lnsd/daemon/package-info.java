/** The running LNS: the composition root that joins the machines to loops, sockets and the kernel. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon;

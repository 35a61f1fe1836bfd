/**
 * A subscriber's session from the offered call to the accounting stop: it joins the L2TP call, the PPP link,
 * authentication, addresses and forwarding, and is the only place that knows all of them.
 */
@NullMarked
package org.lnsd.daemon.session;

import org.jspecify.annotations.NullMarked;

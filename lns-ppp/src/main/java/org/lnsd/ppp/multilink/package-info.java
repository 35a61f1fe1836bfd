/** The Multilink Protocol (RFC 1990): one packet in fragments over several links of one subscriber. */
@NullMarked
package org.lnsd.ppp.multilink;

import org.jspecify.annotations.NullMarked;

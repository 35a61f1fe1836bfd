/** The outermost layer of a PPP frame: address, control and protocol fields (RFC 1661 section 2, RFC 1662 section 3.1). */
@NullMarked
package org.lnsd.ppp.frame;

import org.jspecify.annotations.NullMarked;

/** The attributes of L2TP control messages: their registry as data, immutable values, and the hiding of RFC 2661 section 4.3. */
@NullMarked
package org.lnsd.l2tp.avp;

import org.jspecify.annotations.NullMarked;

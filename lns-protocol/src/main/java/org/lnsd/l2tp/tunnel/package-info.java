/** A control connection and its calls as one pure machine: RFC 2661 section 7. */
@NullMarked
package org.lnsd.l2tp.tunnel;

import org.jspecify.annotations.NullMarked;

/** Configuration Options of LCP and the NCPs as type and data (RFC 1661 section 6). */
@NullMarked
package org.lnsd.ppp.option;

import org.jspecify.annotations.NullMarked;

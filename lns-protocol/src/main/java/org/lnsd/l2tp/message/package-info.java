/** The control messages of RFC 2661, 3145, 3437 and 5515 as a sealed family of records, with their codec. */
@NullMarked
package org.lnsd.l2tp.message;

import org.jspecify.annotations.NullMarked;

/** The L2TP header of data and control messages as functions over a buffer: RFC 2661 section 3.1. */
@NullMarked
package org.lnsd.l2tp.header;

import org.jspecify.annotations.NullMarked;

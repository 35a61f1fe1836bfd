/** Reliable delivery of control messages: RFC 2661 section 5.8 and Appendix A. */
@NullMarked
package org.lnsd.l2tp.control;

import org.jspecify.annotations.NullMarked;

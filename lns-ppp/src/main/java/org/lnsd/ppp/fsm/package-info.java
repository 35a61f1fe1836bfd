/** The option negotiation automaton of RFC 1661 section 4, once, for LCP and every NCP, and the Configure exchange around it. */
@NullMarked
package org.lnsd.ppp.fsm;

import org.jspecify.annotations.NullMarked;

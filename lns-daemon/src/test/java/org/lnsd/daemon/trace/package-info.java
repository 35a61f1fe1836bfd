/** Tests of the live traces. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.trace;

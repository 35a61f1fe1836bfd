/** Log lines: to standard error, the last of them kept for lnsctl, repeated faults of peers folded. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.log;

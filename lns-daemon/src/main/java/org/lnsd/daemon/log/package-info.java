/** Log lines: to standard error, the last of them kept for lnsctl. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.log;

/** Tests. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.history;

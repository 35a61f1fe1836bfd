/** The flight recorder: what happened to each tunnel and session, kept within bounds and told with a diagnosis. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.history;

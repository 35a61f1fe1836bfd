/** A subscriber and its LAC by script: they build and read every octet themselves, so that the daemon is judged by something that is not its own. */
@NullMarked
package org.lnsd.system.subscriber;

import org.jspecify.annotations.NullMarked;

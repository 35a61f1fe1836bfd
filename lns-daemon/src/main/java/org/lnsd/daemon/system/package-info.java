/** What the daemon says to and hears from the machine that runs it: signals and the service manager. */
@NullMarked
package org.lnsd.daemon.system;

import org.jspecify.annotations.NullMarked;

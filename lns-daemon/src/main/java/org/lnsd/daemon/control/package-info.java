/** The operator's side of the daemon: views of its state, actions on it, and the socket that serves both. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.control;

/** lnsctl, the operator's command: a thin client of the control socket. */
@org.jspecify.annotations.NullMarked
package org.lnsd.cli;

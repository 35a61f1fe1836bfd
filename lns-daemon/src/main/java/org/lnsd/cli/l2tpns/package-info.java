/** Turns the configuration of l2tpns into one of lnsd, and says of each line that has no counterpart why. */
@org.jspecify.annotations.NullMarked
package org.lnsd.cli.l2tpns;

/** Benchmarks of what a list of rules costs. */
@NullMarked
package org.lnsd.daemon.filter;

import org.jspecify.annotations.NullMarked;

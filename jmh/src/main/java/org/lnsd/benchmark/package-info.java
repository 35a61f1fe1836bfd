/** How the micro-benchmarks are run. */
@NullMarked
package org.lnsd.benchmark;

import org.jspecify.annotations.NullMarked;

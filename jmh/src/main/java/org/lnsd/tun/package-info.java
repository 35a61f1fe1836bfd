/** Micro-benchmarks of what is done to one packet or one train: checksum, cut, join. */
@NullMarked
package org.lnsd.tun;

import org.jspecify.annotations.NullMarked;

/** Tables that cost little memory with 100,000 entries: the node of a hash map is larger than what it leads to here. */
@NullMarked
package org.lnsd.daemon.table;

import org.jspecify.annotations.NullMarked;

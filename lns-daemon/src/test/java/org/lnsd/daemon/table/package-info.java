/** Tests of the tables that cost little memory. */
@NullMarked
package org.lnsd.daemon.table;

import org.jspecify.annotations.NullMarked;

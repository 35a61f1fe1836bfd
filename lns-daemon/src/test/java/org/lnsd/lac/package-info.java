/** Tests of the LAC emulator; none needs a network. */
@NullMarked
package org.lnsd.lac;

import org.jspecify.annotations.NullMarked;

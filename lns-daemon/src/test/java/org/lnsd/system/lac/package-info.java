/** A LAC that builds and reads every octet by itself, so that a mistake of lnsd's own codec cannot hide behind it. */
@NullMarked
package org.lnsd.system.lac;

import org.jspecify.annotations.NullMarked;

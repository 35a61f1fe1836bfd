/** The architecture's rules, checked on the compiled classes of all modules. */
@NullMarked
package org.lnsd.rules;

import org.jspecify.annotations.NullMarked;

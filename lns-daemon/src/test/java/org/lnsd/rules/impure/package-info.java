/** Classes that break the rules on purpose, so that a test can see each rule fail. */
@NullMarked
package org.lnsd.rules.impure;

import org.jspecify.annotations.NullMarked;

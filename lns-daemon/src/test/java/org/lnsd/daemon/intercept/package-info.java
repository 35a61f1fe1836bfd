/** Tests of lawful interception. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.intercept;

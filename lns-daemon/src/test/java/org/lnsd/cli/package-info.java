/** Tests. */
@org.jspecify.annotations.NullMarked
package org.lnsd.cli;

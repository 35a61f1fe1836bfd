/** Tests of the import. */
@org.jspecify.annotations.NullMarked
package org.lnsd.cli.l2tpns;

/** IP addresses and prefixes as values: parsed from literals only (never by name look-up), printed canonically. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.net;

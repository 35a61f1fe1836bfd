/** Tests of the SNMP agent. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.snmp;

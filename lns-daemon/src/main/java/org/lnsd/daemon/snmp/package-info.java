/** A read-only SNMP agent: tables over what operators see, no state of its own. The messages and their security are snmp4j's. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.snmp;

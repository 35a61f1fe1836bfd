/** Every counter of the daemon under its standard name, for Prometheus, lnsctl and SNMP. */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.metrics;

/**
 * Lawful interception: copies of one session's packets for a collector, and the audit log that tells who has asked for them. The copies are made by the
 * forwarding threads and leave by a thread of their own.
 */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.intercept;

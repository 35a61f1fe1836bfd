/**
 * How fast a line may be: a policer for what comes from a subscriber, a queue for what goes to it. Machines on a given clock, that know sizes and flows
 * and neither sockets nor threads.
 */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.shaping;

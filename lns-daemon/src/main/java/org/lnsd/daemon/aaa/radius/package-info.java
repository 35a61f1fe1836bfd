/**
 * RADIUS for the daemon: sockets and timers around the client machine of lns-protocol, the attributes of requests and answers, the
 * accounting journal on disk, dynamic authorisation and RadSec. What crosses threads: {@link org.lnsd.daemon.aaa.radius.RadiusAaa} takes
 * calls from any thread and hands them to the loop that owns the group.
 */
@org.jspecify.annotations.NullMarked
package org.lnsd.daemon.aaa.radius;

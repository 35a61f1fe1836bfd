package org.lnsd.daemon.aaa.radius;

import java.util.List;

import org.lnsd.radius.RadiusAttribute;

/**
 * One record on its way to a server.
 *
 * @param sessionId Acct-Session-Id: records of one session are delivered in order
 * @param status what it tells
 * @param user for the choice of servers by realm
 * @param eventTimeMs when it happened, milliseconds since 1970
 * @param attributes all attributes but Acct-Delay-Time
 */
record AccountingRecord(String sessionId, AccountingStatus status, String user, long eventTimeMs,
        List<RadiusAttribute> attributes) {}

package org.lnsd.daemon.session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log tells of a session: a line when it is up, one when it has ended, one for a defect. docs/OPERATIONS.md names their fields. */
final class SessionLog {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private SessionLog() {}

    static void up(Session session) {
        CallControl control = session.control();
        SessionRecord record = session.record();
        LOG.info("session-up session={} tunnel={} peer={} user={} networks={} calling={} setup-ms={}", session.id(),
                control.path().localTunnelId(), control.peer().name(), session.user(), session.networks(),
                record.callingNumber(), record.setupMilliseconds());
    }

    /** The user is the one who was let in, else the one who tried. */
    static void down(Session session, SessionEnd end, long nowNs) {
        CallControl control = session.control();
        SessionRecord record = session.record();
        String user = session.user().isEmpty() ? session.track().userName() : session.user();
        LOG.info("session-down session={} tunnel={} peer={} user={} class={} cause={} text=\"{}\" uptime-s={} up={}",
                session.id(), control.path().localTunnelId(), control.peer().name(), user, end.fault().label(),
                end.label(), end.text(), record.uptimeSeconds(nowNs), record.wasUp());
    }

    static void defect(Session session, RuntimeException defect) {
        LOG.error("internal-error class=bug session={} state={}", session.id(), session.state().label(), defect);
    }
}

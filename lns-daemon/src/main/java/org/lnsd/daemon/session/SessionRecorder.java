package org.lnsd.daemon.session;

/** The flight recorder as sessions feed it: cheap, bounded, and never told a secret. */
public interface SessionRecorder {

    /** Something happened to a session. */
    void record(Session session, String event, String text);

    /** The session is over: its history moves to the archive. */
    void ended(Session session, SessionEnd end);

    /** Keeps nothing. */
    SessionRecorder NONE = new SessionRecorder() {
        @Override
        public void record(Session session, String event, String text) {
            // kept nowhere
        }

        @Override
        public void ended(Session session, SessionEnd end) {
            // kept nowhere
        }
    };
}

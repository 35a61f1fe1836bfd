package org.lnsd.daemon;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lnsd.daemon.history.HistoryArchive;
import org.lnsd.daemon.history.HistoryTrack;
import org.lnsd.daemon.session.Session;
import org.lnsd.daemon.session.SessionEnd;
import org.lnsd.daemon.session.SessionRecorder;

/** Feeds the flight recorder with what happens to sessions. */
final class HistoryRecorder implements SessionRecorder {

    private final HistoryArchive archive;
    private final Map<String, HistoryTrack> tracks = new ConcurrentHashMap<>();

    HistoryRecorder(HistoryArchive archive) { this.archive = archive; }

    @Override
    public void record(Session session, String event, String text) {
        HistoryTrack track = tracks.computeIfAbsent(session.id(), archive::open);
        track.add(event, text);
        if (!session.user().isEmpty()) {
            track.user(session.user());
        }
    }

    @Override
    public void ended(Session session, SessionEnd end) {
        HistoryTrack track = tracks.remove(session.id());
        if (track != null) {
            track.end(end.label(), end.text());
        }
    }
}

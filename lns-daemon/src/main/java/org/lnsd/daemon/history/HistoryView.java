package org.lnsd.daemon.history;

import java.util.List;

/**
 * What an operator sees of a track.
 *
 * @param id the session's or tunnel's id
 * @param user who; empty before that is known
 * @param ended whether it is over
 * @param cause why it ended, one word; empty before
 * @param forgotten events that there was no room for
 * @param events the oldest first
 * @param diagnosis one plain sentence
 */
public record HistoryView(String id, String user, boolean ended, String cause, int forgotten, List<HistoryEvent> events,
        String diagnosis) {}

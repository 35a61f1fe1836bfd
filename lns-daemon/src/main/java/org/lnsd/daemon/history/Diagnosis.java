package org.lnsd.daemon.history;

import java.util.List;

/** One plain sentence about how a line came up, or why it did not. */
final class Diagnosis {

    private Diagnosis() {}

    static String of(List<HistoryEvent> events, boolean ended, String cause) {
        String last = events.isEmpty() ? "" : events.getLast().text();
        if (!ended) {
            return reached(events, "state", "open")
                    ? "The line is up."
                    : "The line is coming up; the last that happened: " + last + ".";
        }
        String detail = last.contains(": ") ? last.substring(last.indexOf(": ") + 2) : last;
        return switch (cause) {
            case "no-address" ->
                "There was no address left for this subscriber (" + detail + "): enlarge the pool or free addresses.";
            case "authentication-unavailable" ->
                "No RADIUS server answered, so nobody could tell who this is (" + detail + ").";
            case "duplicate-login" -> "The user has a session already and [ppp] duplicate-logins refuses a second one.";
            case "replaced" -> "The same user logged in again and the newer session replaced this one.";
            case "authentication-failed", "rejected" -> "The login was refused: " + detail + ".";
            case "cleared" -> "An operator ended the session: " + detail + ".";
            case "shutdown" -> "lnsd was stopped.";
            case "session-timeout" ->
                "The longest duration that this subscriber may stay (Session-Timeout) was reached.";
            case "idle-timeout" -> "There was no traffic for as long as the Idle-Timeout says.";
            default -> "The session ended: " + detail + ".";
        };
    }

    private static boolean reached(List<HistoryEvent> events, String stage, String text) {
        return events.stream().anyMatch(event -> event.stage().equals(stage) && event.text().equals(text));
    }
}

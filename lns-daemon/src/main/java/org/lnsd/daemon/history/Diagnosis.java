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
            case "authentication-failed" -> "The login was refused: " + detail + ".";
            case "authentication-protocol-refused" ->
                "The subscriber's router takes none of the protocols that [ppp] authentication allows ("
                        + detail + ").";
            case "authentication-timeout" ->
                "The subscriber's router did not log in within [ppp] authentication-timeout.";
            case "lcp-silent" ->
                "The LAC connected the call, but no PPP came from the subscriber: look at the line behind the LAC.";
            case "lcp-timeout" -> "The subscriber's router stopped answering while LCP was agreed.";
            case "lcp-failed" ->
                "LCP could not be agreed: one side insists on what the other refuses (" + detail + ").";
            case "loopback" -> "Our own packets come back: the line is looped.";
            case "peer-dead" ->
                "The subscriber's router left the LCP echoes unanswered; the line or the router is dead.";
            case "peer-close" -> "The subscriber's router ended the link itself (" + detail + ").";
            case "carrier-lost" -> "The line below PPP went away.";
            case "network-timeout" ->
                "The login was fine, but the subscriber's router then agreed on no IPv4 and no IPv6.";
            case "no-network", "network-failed" ->
                "The subscriber's router refuses the addresses or protocols that it is offered (" + detail + ").";
            case "call-disconnected" -> "The LAC ended the call: " + detail + ".";
            case "call-failed" -> "The call did not come about: " + detail + ".";
            case "tunnel-lost" -> "The tunnel to the LAC went down and took the session along (" + detail + ").";
            case "cleared" -> "An operator or RADIUS ended the session: " + detail + ".";
            case "shutdown" -> "lnsd was stopped.";
            case "session-timeout" ->
                "The longest duration that this subscriber may stay (Session-Timeout) was reached.";
            case "idle-timeout" -> "There was no traffic for as long as the Idle-Timeout says.";
            case "table-full" -> "The forwarding table is full: raise [l2tp] maximum-sessions.";
            case "internal-error" ->
                "A defect of lnsd ended the session (" + detail + "); please report it with the log.";
            default -> "The session ended: " + detail + ".";
        };
    }

    private static boolean reached(List<HistoryEvent> events, String stage, String text) {
        return events.stream().anyMatch(event -> event.stage().equals(stage) && event.text().equals(text));
    }
}

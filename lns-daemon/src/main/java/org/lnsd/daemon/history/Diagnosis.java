package org.lnsd.daemon.history;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One plain sentence about how a line or tunnel came up, or why it did not. */
final class Diagnosis {

    private static final Pattern AUTHENTICATION = Pattern.compile("Authentication ([^,\\]]+)");
    private static final Pattern OPTIONS = Pattern.compile("\\[(.*)]");

    private final List<HistoryEvent> events;
    private final String cause;
    private final String detail;

    private Diagnosis(List<HistoryEvent> events, String cause) {
        this.events = events;
        this.cause = cause;
        String last = events.isEmpty() ? "" : events.getLast().text();
        this.detail = last.startsWith(cause + ": ") ? last.substring(cause.length() + 2) : "";
    }

    static String of(List<HistoryEvent> events, boolean ended, String cause) {
        if (!ended) {
            boolean up = events.stream().anyMatch(event -> event.stage().equals("state")
                    && (event.text().equals("open") || event.text().equals("established")));
            return up
                    ? "It is up."
                    : "It is coming up; the last that happened: "
                            + (events.isEmpty() ? "nothing" : events.getLast().text()) + ".";
        }
        Diagnosis diagnosis = new Diagnosis(events, cause);
        String tunnel = diagnosis.ofTunnel();
        return tunnel.isEmpty() ? diagnosis.ofSession() : tunnel;
    }

    private String ofTunnel() {
        return switch (cause) {
            case "unknown-lac" ->
                "No [[l2tp.peer]] entry fits this LAC's address and Host Name: add one if it may open "
                        + "tunnels here" + inBrackets() + ".";
            case "tunnel-refused" -> "The tunnel was refused: " + detail + ".";
            case "wrong-tunnel-secret" ->
                "The LAC does not know the tunnel secret: secret in its [[l2tp.peer]] entry and on the LAC differ, or "
                        + "the LAC has none" + inBrackets() + ".";
            case "lac-refuses-secret" ->
                "The LAC refused our answer to its challenge: secret in its [[l2tp.peer]] entry and on the LAC differ"
                        + inBrackets() + ".";
            case "lac-silent" -> "The LAC no longer answers: look at the network between and whether it has restarted.";
            case "tunnel-half-open" ->
                "The LAC asked for a tunnel and never took our answer: a firewall or a wrong way back between us.";
            case "lac-stopped" -> "The LAC closed the tunnel" + inBrackets() + ".";
            case "tunnel-cleared" -> "The tunnel was closed here" + inBrackets() + ".";
            case "tunnel-protocol-error" -> "The LAC broke a rule of L2TP" + inBrackets() + ".";
            case "discarded" -> "The tunnel was dropped" + inBrackets() + ".";
            default -> "";
        };
    }

    private String ofSession() {
        return switch (cause) {
            case "no-address" ->
                "There was no address left for this subscriber" + inBrackets()
                        + ": enlarge the pool or free addresses.";
            case "authentication-unavailable" ->
                "No RADIUS server answered, so nobody could tell who this is" + inBrackets() + ".";
            case "duplicate-login" -> "The user has a session already and [ppp] duplicate-logins refuses a second one.";
            case "replaced" -> "The same user logged in again and the newer session replaced this one.";
            case "authentication-failed" -> "The login was refused: " + refusal() + ".";
            case "authentication-protocol-refused" -> noCommonAuthentication();
            case "authentication-timeout" ->
                "The subscriber's router did not log in within [ppp] authentication-timeout.";
            case "lcp-silent" ->
                "The LAC connected the call, but no PPP came from the subscriber: look at the line behind the LAC.";
            case "lcp-timeout", "lcp-failed" -> disputed();
            case "loopback" -> "Our own packets come back: the line is looped.";
            case "peer-dead" ->
                "The subscriber's router left the LCP echoes unanswered; the line or the router is dead.";
            case "peer-close" -> "The subscriber's router ended the link itself.";
            case "carrier-lost" -> "The line below PPP went away.";
            case "network-timeout" ->
                "The login was fine, but the subscriber's router then agreed on no IPv4 and no IPv6.";
            case "no-network", "network-failed" ->
                "The subscriber's router refuses the addresses or protocols that it is offered" + inBrackets() + ".";
            case "call-disconnected" -> "The LAC ended the call: " + detail + ".";
            default -> ofOurs();
        };
    }

    private String ofOurs() {
        return switch (cause) {
            case "call-failed" -> "The call did not come about: " + detail + ".";
            case "tunnel-lost" -> "The tunnel to the LAC went down and took the session along" + inBrackets() + ".";
            case "cleared" -> "An operator or RADIUS ended the session: " + detail + ".";
            case "shutdown" -> "lnsd was stopped.";
            case "session-timeout" ->
                "The longest duration that this subscriber may stay (Session-Timeout) was reached.";
            case "idle-timeout" -> "There was no traffic for as long as the Idle-Timeout says.";
            case "table-full" -> "The forwarding table is full: raise [l2tp] maximum-sessions.";
            case "internal-error" ->
                "A defect of lnsd ended the session" + inBrackets() + "; please report it with the log.";
            default -> "It ended: " + (detail.isEmpty() ? cause : detail) + ".";
        };
    }

    private String inBrackets() { return detail.isEmpty() ? "" : " (" + detail + ")"; }

    private String refusal() {
        String refused = "refused: ";
        return events.reversed().stream()
                .filter(event -> event.stage().equals("authentication") && event.text().startsWith(refused))
                .map(event -> event.text().substring(refused.length())).findFirst()
                .orElse(detail.isEmpty() ? "wrong user name or password" : detail);
    }

    private String noCommonAuthentication() {
        String asked = authentications("sent Configure-Request");
        String offered = authentications("received Configure-Nak");
        String rejects = "The subscriber's router rejects " + (asked.isEmpty() ? "our authentication" : asked);
        return offered.isEmpty()
                ? rejects + " and offers nothing else; [ppp] authentication allows nothing that it takes."
                : rejects + " and offers only " + offered + ", which [ppp] authentication does not allow.";
    }

    private String authentications(String head) {
        return String.join(" and ", events.stream()
                .filter(event -> event.stage().equals("LCP") && event.text().startsWith(head))
                .map(event -> AUTHENTICATION.matcher(event.text())).filter(Matcher::find)
                .map(found -> found.group(1)).distinct().toList());
    }

    private String disputed() {
        for (HistoryEvent event : events.reversed()) {
            boolean ours = event.text().startsWith("sent Configure-Nak")
                    || event.text().startsWith("sent Configure-Reject");
            boolean theirs = event.text().startsWith("received Configure-Nak")
                    || event.text().startsWith("received Configure-Reject");
            Matcher options = OPTIONS.matcher(event.text());
            if (event.stage().equals("LCP") && (ours || theirs) && options.find()) {
                return ours
                        ? "LCP could not be agreed: the subscriber's router insists on "
                                + insisted(event.text(), options.group(1)) + "."
                        : "LCP could not be agreed: the subscriber's router does not take what we ask for and wants "
                                + options.group(1) + ".";
            }
        }
        return cause.equals("lcp-failed")
                ? "LCP could not be agreed: one side insists on what the other refuses" + inBrackets() + "."
                : "The subscriber's router stopped answering while LCP was agreed.";
    }

    /** What it asked for in the request that we answered so, and what we would take. */
    private String insisted(String answer, String options) {
        if (answer.startsWith("sent Configure-Reject")) {
            return options + suggested(options);
        }
        String request = answer.replace("sent Configure-Nak", "received Configure-Request");
        String asked = events.stream().map(HistoryEvent::text)
                .filter(text -> text.startsWith(request.substring(0, request.indexOf('[')))).map(OPTIONS::matcher)
                .filter(Matcher::find).map(found -> sameKinds(found.group(1), options)).findFirst().orElse("");
        return (asked.isEmpty() ? "other options" : asked) + " and does not take our " + options;
    }

    private String suggested(String rejected) {
        return events.stream().filter(event -> event.text().startsWith("sent Configure-Nak")).map(HistoryEvent::text)
                .map(OPTIONS::matcher).filter(Matcher::find).map(found -> sameKinds(found.group(1), rejected))
                .filter(option -> !option.isEmpty()).findFirst().map(option -> " and does not take our " + option)
                .orElse(", which we refuse");
    }

    /** Those of the options whose kind is among the others'. */
    private static String sameKinds(String options, String others) {
        List<String> kinds = Stream.of(others.split(", ")).map(Diagnosis::kind).toList();
        return String.join(", ", Stream.of(options.split(", ")).filter(o -> kinds.contains(kind(o))).toList());
    }

    private static String kind(String option) { return option.split(" ", 2)[0]; }
}

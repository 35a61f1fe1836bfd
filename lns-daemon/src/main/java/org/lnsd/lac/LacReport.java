package org.lnsd.lac;

import java.util.List;
import java.util.Map;

/**
 * What came up, how fast, and what failed.
 *
 * @param lns             whom it was tried against
 * @param tunnelsAsked    tunnels asked for
 * @param tunnelsOpened   tunnels that were established at some time
 * @param sessionsAsked   subscribers asked for
 * @param sessionsOpened  subscribers whose IP came up at least once
 * @param sessionsOpen    subscribers whose IP is up now
 * @param sessionsLost    subscribers that were up and went without our asking
 * @param setUps          set-ups that succeeded; with churn more than subscribers
 * @param setUpsPerSecond over the time from the first call to the last success
 * @param setUp           durations from ICRQ to IP
 * @param controlSent     L2TP control messages sent, retransmissions and ZLBs included
 * @param controlReceived L2TP control messages received
 * @param framesSent      PPP negotiation frames sent
 * @param framesReceived  PPP negotiation frames received
 * @param failures        why set-ups failed or subscribers were lost, with a count
 * @param subscribers     one line each
 * @param traffic         what was measured
 */
record LacReport(String lns, int tunnelsAsked, int tunnelsOpened, int sessionsAsked, int sessionsOpened,
        int sessionsOpen, int sessionsLost,
        int setUps, double setUpsPerSecond, Durations setUp, long controlSent, long controlReceived, long framesSent,
        long framesReceived,
        Map<String, Integer> failures, List<SubscriberLine> subscribers,
        List<TrafficResult> traffic) {

    /**
     * Percentiles in milliseconds.
     *
     * @param p50 half of all were not slower
     * @param p99 99 of 100 were not slower
     * @param max the slowest
     */
    record Durations(double p50, double p99, double max) {

        private static final double NS_PER_MS = 1e6;

        static Durations of(SetupTimes times) {
            return new Durations(times.percentileNs(0.5) / NS_PER_MS, times.percentileNs(0.99) / NS_PER_MS,
                    times.percentileNs(1) / NS_PER_MS);
        }
    }

    /**
     * One subscriber.
     *
     * @param user          the name it logs in with
     * @param state         waiting, calling, negotiating, open, closing, closed, failed
     * @param ipv4          its address, or empty
     * @param ipv6          its address from the announced prefix, or empty
     * @param ipv6Delegated its delegated prefix, or empty
     * @param ipv6Leased    its address by DHCPv6, or empty
     * @param ipv6Dns       the name servers that it was told, separated by a space
     * @param setUpMs       how long its last set-up took
     * @param cause         why it is not open, or empty
     */
    record SubscriberLine(String user, String state, String ipv4, String ipv6, String ipv6Delegated, String ipv6Leased,
            String ipv6Dns, double setUpMs, String cause) {}

    /** Returns whether everything that was asked for came up and is still up. */
    boolean complete() {
        return tunnelsOpened >= tunnelsAsked && sessionsOpen == sessionsAsked;
    }

    /** Returns the same report with measurements. */
    LacReport with(List<TrafficResult> results) {
        return new LacReport(lns, tunnelsAsked, tunnelsOpened, sessionsAsked, sessionsOpened, sessionsOpen,
                sessionsLost, setUps, setUpsPerSecond, setUp,
                controlSent, controlReceived, framesSent, framesReceived, failures, subscribers, results);
    }

    /** Returns lines for people, each ended by a line feed. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("%-12s %d of %d open\n".formatted("tunnels", tunnelsOpened, tunnelsAsked));
        text.append("%-12s %d of %d open".formatted("sessions", sessionsOpen, sessionsAsked));
        text.append(sessionsLost > 0 ? ", " + sessionsLost + " lost\n" : "\n");
        if (setUps > 0) {
            text.append(
                    "%-12s %d in all, %.0f a second, 50 %% within %.1f ms, 99 %% within %.1f ms, all within %.1f ms\n"
                            .formatted("set-ups", setUps, setUpsPerSecond, setUp.p50(), setUp.p99(), setUp.max()));
            text.append("%-12s %.1f control messages and %.1f PPP frames a set-up, both ways\n".formatted("messages",
                    (double) (controlSent + controlReceived) / setUps,
                    (double) (framesSent + framesReceived) / setUps));
        }
        failures.forEach((cause, count) -> text.append("%-12s %d: %s\n".formatted("failed", count, cause)));
        return text.toString();
    }

    /** Returns one JSON document, keys in kebab-case. */
    String json() {
        JsonText json = new JsonText();
        json.open('{');
        json.field("lns", lns).field("complete", complete());
        json.field("tunnels-asked", tunnelsAsked).field("tunnels-opened", tunnelsOpened);
        json.field("sessions-asked", sessionsAsked).field("sessions-opened", sessionsOpened)
                .field("sessions-open", sessionsOpen)
                .field("sessions-lost", sessionsLost);
        json.field("set-ups", setUps).field("set-ups-per-second", setUpsPerSecond);
        json.field("set-up-p50-ms", setUp.p50()).field("set-up-p99-ms", setUp.p99()).field("set-up-max-ms",
                setUp.max());
        json.field("control-messages-sent", controlSent).field("control-messages-received", controlReceived);
        json.field("ppp-frames-sent", framesSent).field("ppp-frames-received", framesReceived);
        json.name("failures").open('{');
        failures.forEach(json::field);
        json.close('}').name("subscribers").open('[');
        subscribers.forEach(line -> subscriber(json, line));
        json.close(']').name("traffic").open('[');
        traffic.forEach(result -> result.json(json));
        return json.close(']').close('}').text();
    }

    private static void subscriber(JsonText json, SubscriberLine line) {
        json.open('{').field("user", line.user()).field("state", line.state()).field("ipv4", line.ipv4())
                .field("ipv6", line.ipv6())
                .field("ipv6-delegated", line.ipv6Delegated()).field("ipv6-leased", line.ipv6Leased())
                .field("ipv6-dns", line.ipv6Dns()).field("set-up-ms", line.setUpMs())
                .field("cause", line.cause()).close('}');
    }
}

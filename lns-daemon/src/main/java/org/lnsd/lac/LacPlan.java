package org.lnsd.lac;

import java.net.InetSocketAddress;
import java.util.List;
import org.lnsd.daemon.net.IpPrefix;

/**
 * All that an emulator is to do.
 *
 * @param tunnels     the tunnels
 * @param subscribers the subscribers behind them
 * @param load        pace, duration, device, report
 * @param traffic     what is measured once they are up
 */
record LacPlan(TunnelOptions tunnels, SubscriberOptions subscribers, LoadOptions load, TrafficOptions traffic) {

    private static final int L2TP_PORT = 1701;
    private static final int MAXIMUM_IDS = 65535;

    LacPlan {
        within("--tunnels", tunnels.tunnels, 1, MAXIMUM_IDS);
        within("--receive-window", tunnels.receiveWindow, 1, 32768);
        within("--hello", tunnels.helloSeconds, 1, 86_400);
        within("--sessions", subscribers.sessions, 0, 1_000_000);
        within("--sessions for each of " + tunnels.tunnels + " tunnels",
                (subscribers.sessions + tunnels.tunnels - 1) / tunnels.tunnels, 0, MAXIMUM_IDS);
        within("--mru", subscribers.mru, 68, MAXIMUM_IDS);
        within("--echo", subscribers.echoSeconds, 0, 86_400);
        within("--rate", load.ratePerSecond, 0, 1_000_000);
        within("--in-flight", load.inFlight, 1, 1_000_000);
        within("--timeout", load.timeoutSeconds, 1, 86_400);
        within("--churn", load.churnPerSecond, 0, 100_000);
        if (subscribers.noIpv4 && !wantsIpv6(subscribers)) {
            throw new IllegalArgumentException("--no-ipv4 without --ipv6 leaves nothing to bring up");
        }
        if ((tunnels.challenge || tunnels.hideAvps) && tunnels.secret == null) {
            throw new IllegalArgumentException("--challenge and --hide-avps need --secret or --secret-file");
        }
        if (subscribers.proxyMruLie != null && !subscribers.proxy) {
            throw new IllegalArgumentException("--proxy-mru-lie needs --proxy");
        }
        if (!traffic.steps.isEmpty()
                && (traffic.core == null || load.tun != null || subscribers.sequencing || subscribers.noIpv4)) {
            throw new IllegalArgumentException(
                    "--traffic needs --core and IPv4, and goes with neither --tun nor --sequencing");
        }
        traffic.steps.forEach(TrafficStep::parse);
        load.tunRoutes.forEach(IpPrefix::parse);
    }

    /** Returns the measurements in their order. */
    List<TrafficStep> steps() {
        return traffic.steps.stream().map(TrafficStep::parse).toList();
    }

    /** Returns the LNS's address with its port. */
    InetSocketAddress lns() {
        InetSocketAddress given = tunnels.lns;
        return given.getPort() == Endpoint.NO_PORT ? new InetSocketAddress(given.getAddress(), L2TP_PORT) : given;
    }

    boolean ipv4() { return !subscribers.noIpv4; }

    boolean ipv6() { return wantsIpv6(subscribers); }

    private static boolean wantsIpv6(SubscriberOptions subscribers) {
        return subscribers.ipv6 || subscribers.prefixDelegation || subscribers.addressLease;
    }

    private static void within(String option, int value, int minimum, int maximum) {
        if (value < minimum || value > maximum) {
            throw new IllegalArgumentException(option + " " + value + " is not " + minimum + " to " + maximum);
        }
    }
}

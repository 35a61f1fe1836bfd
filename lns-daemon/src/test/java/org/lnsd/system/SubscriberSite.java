package org.lnsd.system;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.lnsd.system.subscriber.ScriptCall;
import org.lnsd.system.subscriber.ScriptSubscriber;
import org.lnsd.system.subscriber.ScriptTunnel;

/** A site with the daemon and a scripted LAC with one tunnel in it; its configuration can be changed while it runs. */
final class SubscriberSite implements AutoCloseable {
    static final String PASSWORD = "open sesame";

    private final Site site;
    private final Lnsd lnsd;
    private final String lacNamespace;
    private final ScriptTunnel tunnel;

    SubscriberSite(AtomicInteger namespaces, String name, String configuration) {
        site = new Site(namespaces, name);
        try {
            NetNamespace lac = site.lac();
            lacNamespace = lac.name();
            lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), configuration));
            tunnel = site.closing(new ScriptTunnel(lac.name(), Site.LAC, 40001, new InetSocketAddress(Site.LNS, 1701),
                    "script"));
        } catch (RuntimeException | AssertionError failed) {
            site.close();
            throw failed;
        }
    }

    /** The usual configuration: {@code ppp} is the text of its table, {@code more} what follows. */
    static String configuration(String ppp, String more) { return """
                [[l2tp.peer]]
                name = "script"
                address = ["172.30.0.0/24"]
                [ppp]
                restart-timer = "1s"
                dns = ["9.9.9.9", "149.112.112.112", "2620:fe::fe"]
                %s
                [[pool]]
                name = "default"
                ipv4 = ["100.64.0.0/24"]
                ipv6-prefix = "2001:db8:100::/48"
                ipv6-delegated = { prefix = "2001:db8:4000::/40", length = 56 }
                %s
                """.formatted(ppp, more); }

    static String user(String name, String more) { return """
                [[user]]
                name = "%s"
                password = "%s"
                %s
                """.formatted(name, PASSWORD, more); }

    Site site() { return site; }

    Lnsd lnsd() { return lnsd; }

    ScriptTunnel tunnel() { return tunnel; }

    /** Where the LAC's sockets are. */
    String lacNamespace() { return lacNamespace; }

    /** A fresh call with a subscriber who speaks first when told to. */
    ScriptSubscriber subscriber(byte[]... iccnAvps) {
        return new ScriptSubscriber(tunnel.call(iccnAvps));
    }

    /** Replaces the configuration for new sessions. */
    void reconfigure(String configuration) {
        Commands.write(lnsd.configuration(), Lnsd.configured(lnsd.configuration().getParent(), configuration));
        Commands.Result reload = lnsd.control("reload");
        if (!reload.succeeded()) {
            throw new AssertionError("reload: " + reload.output());
        }
    }

    /** What {@code show session} tells of a call's session. */
    Map<String, Object> show(ScriptCall call) {
        return lnsd.sessions().stream()
                .filter(session -> session.get("session-id").equals((long) call.peerSessionId()))
                .findFirst().orElseThrow(() -> new AssertionError("no session of " + call.conversation()));
    }

    /** Waits for a value in {@code show sessions}. */
    void awaitShown(ScriptCall call, String key, Object value) {
        Awaitility.await(key + " = " + value).atMost(40, TimeUnit.SECONDS).pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> lnsd.sessions().stream().anyMatch(session -> session.get("session-id")
                        .equals((long) call.peerSessionId()) && value.equals(session.get(key))));
    }

    /** Waits for the kernel's route to an address; it is made on another thread than the one that answers the subscriber. */
    void awaitRoute(String address) {
        Awaitility.await("a route to " + address).atMost(40, TimeUnit.SECONDS)
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> site.lns().run("ip", "route", "get", address).output().contains("lns0"));
    }

    @Override
    public void close() { site.close(); }
}

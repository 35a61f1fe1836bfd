package org.lnsd.system;

import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/** xl2tpd and the pppd that it starts, in a guest: one call to one LNS. */
final class Xl2tpd {
    private final UmlGuest guest;
    private final String name;

    /**
     * Starts the daemon, which waits for {@link #dial}.
     *
     * @param secret tunnel secret; empty: no tunnel authentication
     * @param pppOptions lines for pppd beside the usual ones, such as {@code refuse-chap}
     */
    Xl2tpd(UmlGuest guest, String name, String lns, String secret, String user, String password, String pppOptions) {
        this(guest, name, lns, secret, user, password, pppOptions, 1701);
    }

    /** Configures and starts a daemon on a port of its own. */
    Xl2tpd(UmlGuest guest, String name, String lns, String secret, String user, String password, String pppOptions,
            int port) {
        this.guest = guest;
        this.name = name;
        String folder = guest.work().toString();
        Commands.write(guest.work().resolve(name + ".conf"), """
                [global]
                port = %5$d
                access control = no
                auth file = %1$s/%2$s.secrets
                [lac %2$s]
                lns = %3$s
                pppoptfile = %1$s/%2$s.ppp
                length bit = yes
                challenge = %4$s
                """.formatted(folder, name, lns, secret.isEmpty() ? "no" : "yes", port));
        Commands.write(guest.work().resolve(name + ".secrets"), "* * " + secret + "\n");
        Commands.write(guest.work().resolve(name + ".ppp"), """
                noauth
                noipdefault
                ipcp-accept-local
                ipcp-accept-remote
                usepeerdns
                debug
                nodetach
                nodeflate
                nobsdcomp
                novj
                logfile %1$s/%2$s.ppp.log
                lcp-echo-interval 3
                lcp-echo-failure 4
                ipparam %2$s
                user "%3$s"
                password "%4$s"
                %5$s
                """.formatted(folder, name, user, password, pppOptions));
        guest.start(name + ".log", "xl2tpd", "-D", "-c", folder + "/" + name + ".conf", "-p", "/run/" + name + ".pid",
                "-C", "/run/" + name + ".control");
        Awaitility.await("xl2tpd listens for commands").atMost(10, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> guest.run("test", "-p", "/run/" + name + ".control").succeeded());
    }

    void dial() { guest.shell("echo 'c " + name + "' > /run/" + name + ".control"); }

    /** Dials, waits until ppp0 has an address and returns it. */
    String dialUntilUp() {
        dial();
        return Awaitility.await("pppd has an address, see " + guest.work().resolve(name + ".ppp.log"))
                .atMost(40, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS).until(this::address, address -> !address.isEmpty());
    }

    /** The IPv4 address of ppp0; empty when there is none. */
    String address() {
        return guest
                .run("sh", "-c", "ip -4 -o address show dev ppp0 2>/dev/null | sed -n 's/.*inet \\([0-9.]*\\).*/\\1/p'")
                .output().strip();
    }

    /** Sends everything but what goes to the LNS itself through the line. */
    void defaultRoute() {
        guest.shell("ip route replace default dev ppp0");
    }

    void hangUp() { guest.shell("echo 'd " + name + "' > /run/" + name + ".control"); }

    /** Waits until pppd has ended and its device is gone. */
    void awaitDown() {
        Awaitility.await("ppp0 is gone").atMost(30, TimeUnit.SECONDS).pollInterval(200, TimeUnit.MILLISECONDS)
                .until(() -> !guest.run("test", "-e", "/sys/class/net/ppp0").succeeded()
                        && !guest.run("pgrep", "-x", "pppd").succeeded());
    }

    String pppLog() { return Commands.text(guest.work().resolve(name + ".ppp.log")); }

    String log() { return Commands.text(guest.work().resolve(name + ".log")); }

    /** Ends the daemon and whatever pppd is left. */
    void stop() {
        guest.run("sh", "-c", "kill $(cat /run/" + name
                + ".pid); pkill -x pppd; sleep 0.5; pkill -9 -x xl2tpd; rm -f /run/" + name + ".*");
    }
}

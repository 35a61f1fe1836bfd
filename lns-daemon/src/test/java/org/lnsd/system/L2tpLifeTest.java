package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.lac.L2tp.*;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.lnsd.system.lac.Message;
import org.lnsd.system.lac.Packet;
import org.lnsd.system.lac.RawAvp;
import org.lnsd.system.lac.RawSocket;
import org.lnsd.system.lac.ScriptedLac;

/** What LACs see of an LNS that is filled up, drained, flooded and stopped, that hides what it says, and that is reached in several ways. */
@Tag("system")
class L2tpLifeTest {
    private static final String SECRET = "between-us-two";
    private static final String USER = """
            [[user]]
            name = "user@example.net"
            password = "wonderland"
            """;

    private final AtomicInteger namespaces = new AtomicInteger();

    @Test
    void drainRefusesCallsForTheTimeBeingAndTermSaysGoodbye() {
        try (Site site = new Site(namespaces, "l2tp-drain")) {
            NetNamespace access = site.lac();
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), """
                    [[l2tp.peer]]
                    name = "open"
                    address = ["172.30.0.0/24"]
                    """ + USER));
            ScriptedLac first = lac(access, 1).open();
            ScriptedLac second = lac(access, 2).open();
            int session = first.call(1);
            assertThat(lnsd.control("drain").succeeded()).isTrue();
            second.send(ScriptedLac.icrq(1));
            Packet refusal = second.expect(CDN);
            assertThat(refusal.result()).isIn("2/4", "2/7", "4");
            first.send(Message.of(WEN).session(session).bytes(CALL_ERRORS, new byte[26]));
            first.expectAcknowledged();
            lnsd.signal("TERM");
            Packet cdn = first.expect(CDN);
            assertThat(cdn.sessionId()).isEqualTo(1);
            assertThat(cdn.result()).isIn("2/7", "2/4", "3", "4");
            for (ScriptedLac lac : List.of(first, second)) {
                Packet stop = lac.expect(STOPCCN);
                assertThat(stop.result()).startsWith("6");
                assertThat(stop.avp(ASSIGNED_TUNNEL_ID).u16()).isEqualTo(lac.peerTunnelId());
            }
            assertThat(lnsd.awaitExit()).isZero();
        }
    }

    // RFC 2661 section 4.3
    @Test
    void hiddenAvpsAreSentWhereConfigured() {
        try (Site site = new Site(namespaces, "l2tp-hidden")) {
            NetNamespace access = site.lac();
            site.closing(new Lnsd(site.lns(), site.folder("lnsd"), """
                    [l2tp]
                    hidden-avps = "send"
                    [[l2tp.peer]]
                    name = "open"
                    address = ["172.30.0.0/24"]
                    secret = "%s"
                    """.formatted(SECRET) + USER));
            ScriptedLac lac = lac(access, 1);
            lac.send(lac.sccrq());
            Packet sccrp = revealed(lac.expect(SCCRP));
            lac.learn(sccrp);
            lac.send(Message.of(SCCCN).bytes(CHALLENGE_RESPONSE, Message.answer(SCCCN, SECRET, sccrp.avp(CHALLENGE)
                    .value())));
            lac.expectAcknowledged();
            lac.send(ScriptedLac.icrq(5));
            Packet icrp = revealed(lac.expect(ICRP));
            lac.send(ScriptedLac.iccn(icrp.avp(ASSIGNED_SESSION_ID).u16()));
            lac.expectAcknowledged();
            lac.expectNoMessage();
            lac.close();
        }
    }

    private static Packet revealed(Packet packet) {
        byte[] vector = packet.avp(RANDOM_VECTOR).value();
        assertThat(packet.avps()).anyMatch(avp -> avp.hidden());
        return new Packet(packet.flags(), packet.tunnelId(), packet.sessionId(), packet.ns(), packet.nr(),
                packet.avps().stream().map(avp -> avp.hidden() ? avp.reveal(SECRET, vector) : avp).toList(),
                packet.payload());
    }

    @Test
    void everyAddressThatIsListenedOnAnswersFromItself() {
        try (Site site = new Site(namespaces, "l2tp-listen")) {
            NetNamespace access = site.lac();
            site.lns().must("ip", "address", "add", "172.30.0.9/32", "dev", "acc0");
            site.lns().must("ip", "address", "add", "2001:db8:30::1/64", "dev", "acc0", "nodad");
            access.must("ip", "address", "add", "2001:db8:30::2/64", "dev", "lac0", "nodad");
            site.closing(new Lnsd(site.lns(), site.folder("lnsd"), """
                    [l2tp]
                    listen = ["0.0.0.0:1701", "[::]:1701"]
                    [[l2tp.peer]]
                    name = "open"
                    address = ["172.30.0.0/24", "2001:db8:30::/64"]
                    """ + USER));
            for (String lns : List.of(Site.LNS, "172.30.0.9", "2001:db8:30::1")) {
                String local = lns.contains(":") ? "2001:db8:30::2" : Site.LAC;
                try (ScriptedLac lac = new ScriptedLac(new RawSocket(access.name(), local, 0), lns, "open", 7)) {
                    lac.open();
                    lac.call(3);
                    assertThat(lac.pollData(ScriptedLac.PATIENCE_MS)).as("LCP of " + lns).isNotNull();
                }
            }
        }
    }

    @Test
    void aLacLearnsAtOnceThatTheLnsHasCrashedAndRestarted() {
        try (Site site = new Site(namespaces, "l2tp-crash")) {
            NetNamespace access = site.lac();
            String configuration = """
                    [[l2tp.peer]]
                    name = "open"
                    address = ["172.30.0.0/24"]
                    """ + USER;
            Lnsd crashing = new Lnsd(site.lns(), site.folder("lnsd"), configuration);
            ScriptedLac lac = lac(access, 7).open();
            ScriptedLac polite = lac(access, 8).open();
            polite.send(polite.stopCcn());
            polite.expectAcknowledged();
            crashing.signal("KILL");
            crashing.awaitExit();
            crashing.close();
            Path folder = site.folder("lnsd");
            Commands.must("rm", "-f", folder.resolve("notify").toString(), folder.resolve("notify.log").toString());
            site.closing(new Lnsd(site.lns(), site.folder("lnsd"), configuration));
            lac.send(Message.of(HELLO));
            Packet stop = lac.expect(STOPCCN);
            assertThat(stop.nr()).isEqualTo(lac.ns());
            assertThat(stop.ns()).as("the number that the LAC expects").isEqualTo(lac.nr() - 1);
            assertThat(stop.tunnelId()).isEqualTo(lac.localTunnelId());
            assertThat(stop.avp(ASSIGNED_TUNNEL_ID).u16()).isEqualTo(lac.peerTunnelId());
            lac.expectSilence();
            polite.sendAt(Message.of(HELLO), polite.ns(), polite.nr());
            polite.expectSilence();
            ScriptedLac stranger = lac(access, 7);
            stranger.learn(new Packet(0, 0, 0, 0, 0, List.of(new RawAvp(0, 0, 0, new byte[2]), new RawAvp(0, 0,
                    ASSIGNED_TUNNEL_ID, new byte[]{(byte) (lac.peerTunnelId() >> 8), (byte) lac.peerTunnelId()})),
                    new byte[0]));
            stranger.send(Message.of(HELLO));
            stranger.expectSilence();
            new ScriptedLac(lac.socket(), Site.LNS, "open", 7).open().close();
        }
    }

    /**
     * Spoofed SCCRQs from inside the range of a LAC and from strangers, the worst case: each costs an answer and a half-open tunnel. A small
     * flood comes first, so that what is compared is what a daemon that has worked holds, not one whose classes are still being loaded. The
     * resident memory also has garbage that was not collected yet, and code that was compiled: it is bounded more widely.
     */
    @Test
    void aFloodOfSccrqLeavesNothingBehind() {
        try (Site site = new Site(namespaces, "l2tp-flood")) {
            NetNamespace access = site.lac();
            access.must("ip", "route", "add", "local", "10.99.0.0/16", "dev", "lo");
            site.lns().must("ip", "route", "add", "10.99.0.0/16", "via", Site.LAC);
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), """
                    [l2tp]
                    setup-timeout = "10s"
                    [[l2tp.peer]]
                    name = "open"
                    address = ["172.30.0.0/24", "10.99.0.0/17"]
                    """ + USER));
            lac(access, 1).open().close();
            long fresh = residentKib(lnsd);
            flood(access, 100, 60);
            awaitTunnels(lnsd, 0);
            long before = heldBytes(lnsd);
            flood(access, 100, 500);
            long startNs = System.nanoTime();
            ScriptedLac first = lac(access, 2);
            int attempts = openPatiently(first);
            double seconds = (System.nanoTime() - startNs) / 1e9;
            ScriptedLac second = lac(access, 3);
            assertThat(openPatiently(second)).as("SCCRQs of a LAC when the LNS has read the flood, one a second")
                    .isLessThanOrEqualTo(2);
            long openNs = System.nanoTime();
            awaitTunnels(lnsd, 2);
            long resident = residentKib(lnsd);
            long after = heldBytes(lnsd);
            System.out.printf("flood: a LAC opens with SCCRQ %d after %.2f s, nothing half-open %.0f s later, "
                    + "holds %d KiB before, %d KiB after; resident %d MiB fresh, %d MiB after%n", attempts, seconds,
                    (System.nanoTime() - openNs) / 1e9, before / 1024, after / 1024, fresh / 1024, resident / 1024);
            assertThat(after).as("octets in objects").isLessThan(before + before / 10);
            assertThat(resident).as("resident KiB").isLessThan(fresh * 13 / 10);
            first.call(1);
            first.close();
            second.close();
        }
    }

    /** Within a minute nothing half-open is left. */
    private static void awaitTunnels(Lnsd lnsd, int count) {
        Awaitility.await("nothing half-open").atMost(60, TimeUnit.SECONDS).pollInterval(1, TimeUnit.SECONDS)
                .until(() -> lnsd.tunnels().size() == count);
    }

    /** Half of the sources are strangers. */
    private static void flood(NetNamespace access, int sources, int each) {
        List<RawSocket> sockets = new ArrayList<>();
        for (int i = 0; i < sources; i++) {
            sockets.add(new RawSocket(access.name(), "10.99." + (i % 2 == 0 ? 1 : 200) + "." + (1 + i), 0));
        }
        java.net.InetSocketAddress lns = new java.net.InetSocketAddress(Site.LNS, 1701);
        for (int id = 1; id <= each; id++) {
            for (RawSocket socket : sockets) {
                socket.send(new ScriptedLac(socket, Site.LNS, "open", id).sccrq().datagram(0, 0, 0), lns);
            }
        }
        sockets.forEach(RawSocket::close);
    }

    /** Repeats the SCCRQ once a second; returns how many it took. */
    private static int openPatiently(ScriptedLac lac) {
        int attempts = 1;
        byte[] sccrq = lac.send(lac.sccrq());
        Packet packet = lac.poll(1_000);
        while (packet == null || packet.type() != SCCRP) {
            attempts++;
            lac.sendRaw(sccrq);
            packet = lac.poll(1_000);
        }
        lac.learn(packet);
        lac.send(Message.of(SCCCN));
        lac.expectAcknowledged();
        return attempts;
    }

    /** The octets of all objects that are in use. */
    private static long heldBytes(Lnsd lnsd) {
        String histogram = Commands.must(
                Path.of(Optional.ofNullable(System.getProperty("java.home")).orElseThrow(), "bin", "jcmd").toString(),
                String.valueOf(lnsd.pid()), "GC.class_histogram");
        // "   1:   21304   2787880  [B (java.base)": rank, instances, octets, class; fillers stand for what was not compacted.
        Pattern row = Pattern.compile("^ *[0-9]+: +[0-9]+ +([0-9]+) +(?!.*FillerElement)");
        return histogram.lines().map(row::matcher).filter(Matcher::find)
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    private static long residentKib(Lnsd lnsd) {
        return Commands.text(Path.of("/proc/" + lnsd.pid() + "/status")).lines().filter(l -> l.startsWith("VmRSS"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", ""))).sum();
    }

    private static ScriptedLac lac(NetNamespace access, int tunnelId) {
        return new ScriptedLac(new RawSocket(access.name(), Site.LAC, 0), Site.LNS, "open", tunnelId);
    }
}

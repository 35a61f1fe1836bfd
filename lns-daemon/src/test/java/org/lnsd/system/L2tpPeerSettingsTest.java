package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.lac.L2tp.*;
import static org.lnsd.system.subscriber.ScriptSubscriber.AUTH_PAP;
import static org.lnsd.system.subscriber.ScriptSubscriber.LCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.REQUEST;
import static org.lnsd.system.subscriber.ScriptSubscriber.mru;
import static org.lnsd.system.subscriber.ScriptSubscriber.option;
import static org.lnsd.system.subscriber.ScriptTunnel.avp;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lnsd.system.lac.Message;
import org.lnsd.system.lac.Packet;
import org.lnsd.system.lac.ScriptedLac;
import org.lnsd.system.subscriber.Octets;
import org.lnsd.system.subscriber.ScriptSubscriber;
import org.lnsd.system.subscriber.ScriptTunnel;

/** What [[l2tp.peer]] changes for one LAC, and that it changes nothing for the others. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class L2tpPeerSettingsTest {
    private static final String SECRET = "between-us-two";
    private static final String USER = "user@example.net";
    private static final String PASSWORD = "wonderland";

    private final AtomicInteger ports = new AtomicInteger(41_000);
    private final LacScene scene = new LacScene("l2tp-peers", 500, peer("tuned", """
            mru = 1492
            address-control = "always"
            proxy = "renegotiate"
            """) + peer("careful", """
            secret = "%s"
            hidden-avps = "send"
            receive-window = 7
            strict = true
            """.formatted(SECRET)) + peer("usual", "") + """
            [ppp]
            authentication = ["pap"]
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/24"]
            [[user]]
            name = "%s"
            password = "%s"
            """.formatted(USER, PASSWORD));

    @AfterAll
    void stop() { scene.close(); }

    private static String peer(String name, String more) { return """
                [[l2tp.peer]]
                name = "%1$s"
                address = ["172.30.0.0/24"]
                hostname = "%1$s"
                %2$s
                """.formatted(name, more); }

    private ScriptTunnel tunnel(String hostName) {
        return new ScriptTunnel(scene.access().name(), Site.LAC, ports.getAndIncrement(),
                new InetSocketAddress(Site.LNS, 1701),
                hostName);
    }

    private ScriptedLac lac(String hostName) { return scene.lac(hostName); }

    @Test
    void mruOfThePeer() {
        try (ScriptTunnel tuned = tunnel("tuned"); ScriptTunnel usual = tunnel("usual")) {
            assertThat(tuned.call().expect(LCP, REQUEST).option(1)).isEqualTo(Octets.u16(1492));
            assertThat(usual.call().expect(LCP, REQUEST).option(1)).isEqualTo(Octets.u16(1500));
        }
    }

    // RFC 1661 section 6.6: the option allows to leave FF03 out, it does not demand it
    @Test
    void addressAndControlOfThePeer() {
        try (ScriptTunnel tuned = tunnel("tuned"); ScriptTunnel usual = tunnel("usual")) {
            assertThat(ipcpOfOneThatDoesWithout(tuned)).isTrue();
            assertThat(ipcpOfOneThatDoesWithout(usual)).isFalse();
        }
    }

    private static boolean ipcpOfOneThatDoesWithout(ScriptTunnel tunnel) {
        ScriptSubscriber subscriber = new ScriptSubscriber(tunnel.call());
        subscriber.lcp(mru(1492), subscriber.magicOption(), option(8));
        subscriber.pap(USER, PASSWORD);
        return subscriber.call.expect(ScriptSubscriber.IPCP, REQUEST).addressControl();
    }

    @Test
    void proxyTrustOfThePeer() {
        byte[] subscriber = Octets.of(mru(1492), option(5, Octets.u32(0x11223344L)));
        byte[] lac = Octets.of(mru(1492), option(3, AUTH_PAP), option(5, Octets.u32(5)));
        byte[][] proxied = {avp(26, subscriber), avp(27, lac), avp(28, subscriber), avp(29, Octets.u16(3)),
                avp(30, Octets.of(USER)), avp(32, Octets.u16(9)), avp(33, Octets.of(PASSWORD))};
        try (ScriptTunnel tuned = tunnel("tuned"); ScriptTunnel usual = tunnel("usual")) {
            tuned.call(proxied).expect(LCP, REQUEST);
            usual.call(proxied).expect(ScriptSubscriber.PAP, 2);
        }
    }

    // RFC 2661 section 4.3 and 4.4.3
    @Test
    void hiddenAvpsAndWindowOfThePeer() {
        ScriptedLac careful = lac("careful");
        careful.send(careful.sccrq());
        Packet hiding = careful.expect(SCCRP);
        assertThat(hiding.avps()).anyMatch(avp -> avp.hidden());
        assertThat(hiding.avp(RECEIVE_WINDOW_SIZE).u16()).isEqualTo(7);
        careful.close();
        ScriptedLac usual = lac("usual");
        usual.send(usual.sccrq());
        Packet open = usual.expect(SCCRP);
        assertThat(open.avps()).noneMatch(avp -> avp.hidden());
        assertThat(open.avp(RECEIVE_WINDOW_SIZE).u16()).isEqualTo(64);
        usual.close();
    }

    // RFC 2661 section 4.2: an AVP where it does not belong
    @Test
    void strictnessOfThePeer() {
        try (ScriptedLac usual = lac("usual").open(); ScriptedLac careful = openCarefully()) {
            usual.send(ScriptedLac.icrq(1).u32(FRAMING_CAPABILITIES, 3));
            usual.expect(ICRP);
            careful.send(ScriptedLac.icrq(1).u32(FRAMING_CAPABILITIES, 3));
            assertThat(careful.expect(CDN).result()).isEqualTo("2/8");
            careful.send(ScriptedLac.icrq(2));
            careful.expect(ICRP);
        }
    }

    private ScriptedLac openCarefully() {
        ScriptedLac lac = lac("careful");
        lac.send(lac.sccrq());
        Packet sccrp = lac.expect(SCCRP);
        byte[] vector = sccrp.avp(RANDOM_VECTOR).value();
        lac.learn(new Packet(sccrp.flags(), sccrp.tunnelId(), sccrp.sessionId(), sccrp.ns(), sccrp.nr(), sccrp.avps()
                .stream().map(avp -> avp.hidden() ? avp.reveal(SECRET, vector) : avp).toList(), sccrp.payload()));
        byte[] challenge = sccrp.avps().stream().filter(avp -> avp.type() == CHALLENGE).findFirst().orElseThrow()
                .reveal(SECRET, vector).value();
        lac.send(Message.of(SCCCN).bytes(CHALLENGE_RESPONSE, Message.answer(SCCCN, SECRET, challenge)));
        lac.expectAcknowledged();
        return lac;
    }
}

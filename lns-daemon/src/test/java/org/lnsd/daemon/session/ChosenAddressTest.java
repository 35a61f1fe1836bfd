package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.session.ScriptedLac.Subscriber;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.ppp.link.NetworkSettings;

/** RFC 2865 section 5.8, Framed-IP-Address 255.255.255.255: the subscriber selects its address. */
class ChosenAddressTest {
    private final Scenario scenario = new Scenario();
    private final ScriptedLac lac = scenario.openLac();

    @BeforeEach
    void aliceMayChoose() {
        scenario.aaa.user("alice", "secret", Profile.empty().toBuilder().ipv4UserChoice(true).build());
        scenario.aaa.user("bob", "secret", Profile.empty());
    }

    private static Inet4Address address(String text) { return IpAddresses.parseIpv4(text).orElseThrow(); }

    private Subscriber call(String user, String wished) {
        Subscriber line = lac.call(user, "secret");
        line.networks = new NetworkSettings(Optional.of(new NetworkSettings.Ipv4(address(wished), Scenario.ANY,
                List.of(), List.of())), Optional.empty());
        scenario.pass(2);
        return line;
    }

    private Session session(String user) {
        return scenario.table.all().stream().filter(session -> session.user().equals(user)).findFirst().orElseThrow();
    }

    private Inet4Address addressOf(String user) { return (Inet4Address) session(user).networks().getFirst().address(); }

    private long used() { return scenario.pools.statistics().stream().mapToLong(pool -> pool.used()).sum(); }

    @Test
    void theAddressThatItAsksForIsItsOwn() {
        Subscriber line = call("alice", "100.64.0.5");
        Session session = session("alice");
        IpPrefix host = IpPrefix.parse("100.64.0.5/32");
        assertThat(line.ipv4().local()).isEqualTo(address("100.64.0.5"));
        assertThat(session.networks()).containsExactly(host);
        assertThat(scenario.kernel.installed).containsExactly(host);
        assertThat(scenario.table.named("100.64.0.5")).containsExactly(session);
        assertThat(scenario.aaa.accounts).containsExactly("start alice 100.64.0.5");
        assertThat(used()).as("the address of the pool went back").isEqualTo(1);
        lac.hangUp(line, ResultCode.CDN_ADMINISTRATIVE);
        scenario.pass(2);
        assertThat(used()).isZero();
        assertThat(scenario.kernel.installed).isEmpty();
    }

    // not of its pool, of another pool, lnsd's own, the network's, none
    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "100.65.0.1", "100.64.0.1", "100.64.0.0", "0.0.0.0", "255.255.255.255"})
    void whatThePoolDoesNotHandOutIsNakdWithAnAddressThatItDoes(String wished) {
        call("alice", wished);
        assertThat(addressOf("alice").getHostAddress()).startsWith("100.64.0.").isNotEqualTo(wished);
        assertThat(used()).isEqualTo(1);
    }

    @Test
    void nobodyGetsAnAddressOfAnother() {
        call("bob", "0.0.0.0");
        Inet4Address his = addressOf("bob");
        call("alice", his.getHostAddress());
        assertThat(addressOf("alice")).isNotEqualTo(his);
        assertThat(addressOf("bob")).isEqualTo(his);
        assertThat(used()).isEqualTo(2);
    }

    @Test
    void whoMayNotChooseGetsWhatHeIsGiven() {
        call("bob", "100.64.0.5");
        assertThat(addressOf("bob")).isNotEqualTo(address("100.64.0.5"));
    }

    @Test
    void theChoiceOutlivesANewNegotiationOfTheLink() {
        Subscriber line = call("alice", "100.64.0.5");
        scenario.forwarding.arrive(lac.tunnel.peerTunnelId(), line.peerSessionId,
                Unpooled.buffer().writeInt(0xff03_c021).writeBytes(ByteBufUtil.decodeHexDump("01ee000a0506a1b2c3d4")));
        scenario.pass(5);
        assertThat(session("alice").state()).isEqualTo(SessionState.OPEN);
        assertThat(addressOf("alice")).isEqualTo(address("100.64.0.5"));
        assertThat(used()).isEqualTo(1);
    }
}

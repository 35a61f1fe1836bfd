package org.lnsd.lac;

import java.net.Inet4Address;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.avp.Secret;
import org.lnsd.l2tp.message.AccessLine;
import org.lnsd.l2tp.message.AccessLineAttribute;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.tunnel.TunnelSettings;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.link.LinkSettings;
import org.lnsd.ppp.link.NetworkSettings;

/** Turns a plan into what the machines are told: tunnel settings, calls, links. */
final class CallFactory {

    private static final int DIGITAL_BEARER = 1;
    private static final Inet4Address UNSPECIFIED = IpAddresses.ofInt(0);

    private final LacPlan plan;
    private final NamePattern user;
    private final NamePattern password;
    private final NamePattern callingNumber;
    private final NamePattern calledNumber;
    private final NamePattern circuit;
    private final NamePattern remoteId;

    CallFactory(LacPlan plan) {
        this.plan = plan;
        SubscriberOptions options = plan.subscribers();
        user = NamePattern.parse(options.user);
        password = NamePattern.parse(options.password);
        callingNumber = NamePattern.parse(options.callingNumber);
        calledNumber = NamePattern.parse(options.calledNumber);
        circuit = NamePattern.parse(options.circuit);
        remoteId = NamePattern.parse(options.remoteId);
    }

    TunnelSettings tunnel() {
        TunnelOptions options = plan.tunnels();
        TunnelSettings.Builder settings = TunnelSettings.builder(options.hostName).vendorName("lnsd-lac")
                .receiveWindow(options.receiveWindow)
                .helloIntervalNs(TimeUnit.SECONDS.toNanos(options.helloSeconds)).hideAvps(options.hideAvps);
        String secret = options.secret;
        return (secret == null ? settings : settings.secret(Secret.of(secret), options.challenge)).build();
    }

    String user(int number) { return user.format(number); }

    IncomingCall call(int number) {
        return new IncomingCall(0, number, OptionalInt.of(DIGITAL_BEARER), given(calledNumber, number),
                given(callingNumber, number),
                Optional.empty(), OptionalLong.empty(), true, accessLine(number), List.of());
    }

    CallParameters.Builder connect(int number) {
        SubscriberOptions options = plan.subscribers();
        return CallParameters.builder().txConnectSpeedBps(options.lineDownBps).rxConnectSpeedBps(options.lineUpBps)
                .sequencingRequired(options.sequencing).accessLine(accessLine(number));
    }

    LinkSettings link(int number) {
        SubscriberOptions options = plan.subscribers();
        return LinkSettings.client(user(number), password.format(number)).authentication(authentication())
                .mru(options.mru)
                .echoIntervalNs(TimeUnit.SECONDS.toNanos(options.echoSeconds)).build();
    }

    /** The LAC's own end of LCP with {@code --proxy}: it demands what the subscriber is willing to use. */
    LinkSettings proxyLink() {
        return LinkSettings.server().authentication(authentication()).mru(plan.subscribers().mru)
                .ourName(plan.tunnels().hostName).build();
    }

    NetworkSettings networks() {
        Optional<NetworkSettings.Ipv4> ipv4 = plan.ipv4()
                ? Optional.of(new NetworkSettings.Ipv4(UNSPECIFIED, UNSPECIFIED, List.of(UNSPECIFIED, UNSPECIFIED),
                        List.of()))
                : Optional.empty();
        Optional<NetworkSettings.Ipv6> ipv6 = plan.ipv6()
                ? Optional.of(new NetworkSettings.Ipv6(0, 0))
                : Optional.empty();
        return new NetworkSettings(ipv4, ipv6);
    }

    private List<AuthenticationProtocol> authentication() {
        return switch (plan.subscribers().authentication) {
            case pap -> List.of(AuthenticationProtocol.PAP);
            case chap -> List.of(AuthenticationProtocol.CHAP_MD5);
            case mschapv2 -> List.of(AuthenticationProtocol.MSCHAPV2);
            case any ->
                List.of(AuthenticationProtocol.CHAP_MD5, AuthenticationProtocol.MSCHAPV2, AuthenticationProtocol.PAP);
        };
    }

    private AccessLine accessLine(int number) {
        Optional<String> circuitId = given(circuit, number);
        Optional<String> agentRemoteId = given(remoteId, number);
        if (circuitId.isEmpty() && agentRemoteId.isEmpty()) {
            return AccessLine.EMPTY;
        }
        Map<AccessLineAttribute, Long> rates = new EnumMap<>(AccessLineAttribute.class);
        rates.put(AccessLineAttribute.ACTUAL_DATA_RATE_UPSTREAM, plan.subscribers().lineUpBps);
        rates.put(AccessLineAttribute.ACTUAL_DATA_RATE_DOWNSTREAM, plan.subscribers().lineDownBps);
        return new AccessLine(circuitId.map(Octets::ofText), agentRemoteId.map(Octets::ofText), rates, Optional.empty(),
                false);
    }

    private static Optional<String> given(NamePattern pattern, int number) {
        return Optional.of(pattern.format(number)).filter(text -> !text.isEmpty());
    }
}

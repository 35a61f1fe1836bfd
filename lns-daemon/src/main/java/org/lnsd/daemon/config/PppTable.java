package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.NEW_SESSIONS;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** {@code [ppp]}. */
final class PppTable {
    /** Hosts use three servers and six domains; a router advertisement is one packet. */
    private static final int MOST_SERVERS = 16;
    private static final int MOST_DOMAINS = 8;
    private static final Key<Duration> ECHO_INTERVAL = Key.of("interval",
            ValueTypes.duration(Duration.ZERO, Duration.ofHours(1)), "\"10s\"",
            NEW_SESSIONS, "silence before an Echo-Request; \"0s\": no echoes");
    private static final Key<Integer> ECHO_FAILURES = Key.of("failures", ValueTypes.integer(1, 1000), "6", NEW_SESSIONS,
            "unanswered Echo-Requests");

    private static final Key<List<AuthenticationMethod>> AUTHENTICATION = Key.of("authentication",
            ValueTypes.nonEmptyList(ValueTypes.constant(AuthenticationMethod.class)), "[\"chap\", \"pap\"]",
            NEW_SESSIONS,
            "in order of preference: pap, chap, mschapv2");
    private static final Key<Integer> MRU = Key.of("mru", ValueTypes.integer(576, 16384), "1500", NEW_SESSIONS,
            "the largest packet that we take from a subscriber");
    private static final Key<EchoConfig> ECHO = Key.of("echo",
            ValueTypes.table(List.of(ECHO_INTERVAL, ECHO_FAILURES),
                    in -> new EchoConfig(in.get(ECHO_INTERVAL), in.get(ECHO_FAILURES))),
            "{ interval = \"10s\", failures = 6 }", NEW_SESSIONS,
            "LCP echoes: after this silence, and how many go unanswered before the link is down");
    private static final Key<Boolean> IPV6 = Key.of("ipv6", ValueTypes.bool(), "true", NEW_SESSIONS,
            "offer IPv6CP, router advertisements and DHCPv6");
    private static final Key<DuplicateLogins> DUPLICATE_LOGINS = Key.of("duplicate-logins",
            ValueTypes.constant(DuplicateLogins.class), "\"replace\"",
            NEW_SESSIONS, "the same user again: replace (newest wins) | refuse | allow");
    private static final Key<ProxyPolicy> PROXY = Key.of("proxy", ValueTypes.constant(ProxyPolicy.class), "\"accept\"",
            NEW_SESSIONS,
            "the LAC's proxied LCP and authentication: accept | renegotiate");
    private static final Key<List<InetAddress>> DNS = Key.of("dns",
            ValueTypes.shortList(ValueTypes.address(), MOST_SERVERS), "[]",
            NEW_SESSIONS,
            "name servers for subscribers, IPv4 and IPv6, such as [\"9.9.9.9\", \"2620:fe::fe\"]");
    private static final Key<List<String>> DNS_SEARCH = Key.of("dns-search",
            ValueTypes.shortList(ValueTypes.domain(), MOST_DOMAINS), "[]",
            NEW_SESSIONS,
            "search domains for RA and DHCPv6");
    private static final Key<Inet4Address> ADDRESS = Key.of("address", ValueTypes.ipv4Address(), "\"100.64.0.1\"",
            NEW_SESSIONS,
            "our own end of every link");
    private static final Key<Duration> RESTART_TIMER = Key.of("restart-timer",
            ValueTypes.duration(Duration.ofMillis(100), Duration.ofSeconds(60)),
            "\"3s\"", NEW_SESSIONS, "wait before a Configure- or Terminate-Request is sent again");
    private static final Key<Integer> MAXIMUM_CONFIGURE = Key.of("maximum-configure", ValueTypes.integer(1, 1000), "10",
            NEW_SESSIONS,
            "Configure-Requests without answer");
    private static final Key<Integer> MAXIMUM_TERMINATE = Key.of("maximum-terminate", ValueTypes.integer(1, 1000), "2",
            NEW_SESSIONS,
            "Terminate-Requests without answer");
    private static final Key<Integer> MAXIMUM_FAILURE = Key.of("maximum-failure", ValueTypes.integer(1, 1000), "5",
            NEW_SESSIONS,
            "Configure-Naks before an option is rejected");
    private static final Key<Duration> AUTHENTICATION_TIMEOUT = Key.of("authentication-timeout",
            ValueTypes.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)), "\"30s\"", NEW_SESSIONS,
            "how long a subscriber may take to log in");
    private static final Key<Boolean> MULTILINK = Key.of("multilink", ValueTypes.bool(), "false", NEW_SESSIONS,
            "offer multilink PPP (RFC 1990)");
    private static final Key<Boolean> SHORT_SEQUENCE_NUMBERS = Key.of("multilink-short-sequence-numbers",
            ValueTypes.bool(), "false", NEW_SESSIONS,
            "ask for multilink headers of two octets instead of four; they are always sent to who asks");
    private static final Key<Duration> SESSION_TIMEOUT = Key.optional("session-timeout",
            ValueTypes.duration(Duration.ofSeconds(1), Duration.ofDays(3650)), "\"24h\"", NEW_SESSIONS,
            "longest session where authentication says nothing; absent: no limit");
    private static final Key<Duration> IDLE_TIMEOUT = Key.optional("idle-timeout",
            ValueTypes.duration(Duration.ofSeconds(1), Duration.ofDays(3650)),
            "\"2h\"", NEW_SESSIONS, "longest silence where authentication says nothing; absent: no limit");

    private static final List<Key<?>> NEGOTIATION = List.of(AUTHENTICATION, MRU, ECHO, IPV6, DUPLICATE_LOGINS, PROXY,
            DNS, DNS_SEARCH, ADDRESS, RESTART_TIMER, MAXIMUM_CONFIGURE, MAXIMUM_TERMINATE, MAXIMUM_FAILURE,
            AUTHENTICATION_TIMEOUT, MULTILINK, SHORT_SEQUENCE_NUMBERS, SESSION_TIMEOUT, IDLE_TIMEOUT);

    static final TableSchema SCHEMA = new TableSchema("ppp", false, false, "The subscribers' links.",
            Stream.concat(NEGOTIATION.stream(), LineDefaultsKeys.KEYS.stream()).toList());

    private PppTable() {}

    static PppConfig read(TableReader in, CrossChecks checks) {
        List<InetAddress> dns = in.get(DNS);
        Located<Inet4Address> address = in.located(ADDRESS);
        checks.ownAddress(address);
        return new PppConfig(in.get(AUTHENTICATION), in.get(MRU), in.get(ECHO), in.get(IPV6), in.get(DUPLICATE_LOGINS),
                in.get(PROXY),
                only(Inet4Address.class, dns), only(Inet6Address.class, dns), in.get(DNS_SEARCH), address.value(),
                in.get(RESTART_TIMER),
                in.get(MAXIMUM_CONFIGURE), in.get(MAXIMUM_TERMINATE), in.get(MAXIMUM_FAILURE),
                in.get(AUTHENTICATION_TIMEOUT), in.get(MULTILINK), in.get(SHORT_SEQUENCE_NUMBERS),
                in.optional(SESSION_TIMEOUT), in.optional(IDLE_TIMEOUT),
                LineDefaultsKeys.read(in, checks));
    }

    private static <A extends InetAddress> List<A> only(Class<A> family, List<InetAddress> all) {
        return all.stream().filter(family::isInstance).map(family::cast).toList();
    }
}

package org.lnsd.daemon.snmp;

import static org.lnsd.daemon.snmp.Values.counter32;
import static org.lnsd.daemon.snmp.Values.gauge;
import static org.lnsd.daemon.snmp.Values.integer;
import static org.lnsd.daemon.snmp.Values.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lnsd.daemon.control.Node;
import org.lnsd.daemon.control.RadiusServerView;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.snmp.Table.Column;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;

/** RADIUS-AUTH-CLIENT-MIB (RFC 4668) and RADIUS-ACC-CLIENT-MIB (RFC 4670): the tables for both address families. */
final class RadiusMib {

    private static final String AUTHENTICATION = "1.3.6.1.2.1.67.1.2.1.1";
    private static final String ACCOUNTING = "1.3.6.1.2.1.67.2.2.1.1";
    private static final int MICROSECONDS_PER_TICK = 10_000;
    private static final int IPV4_OCTETS = 4;

    private final Node node;

    /** A server with its number, from 1 in the order of the configuration. */
    private record Numbered(int number, RadiusServerView server) {}

    RadiusMib(Node node) { this.node = node; }

    List<Subtree> subtrees() {
        Function<Numbered, Integer> authenticationPort = row -> row.server().authenticationPort();
        Function<Numbered, Integer> accountingPort = row -> row.server().accountingPort();
        List<String> access = List.of("requests", "retransmissions", "accepts", "rejects", "challenges", "malformed",
                "bad-authenticators");
        List<String> accounting = List.of("requests", "retransmissions", "responses", "malformed",
                "bad-authenticators");
        return List.of(identifier(AUTHENTICATION), table(AUTHENTICATION, "access", authenticationPort, access),
                identifier(ACCOUNTING), table(ACCOUNTING, "accounting", accountingPort, accounting));
    }

    private Scalar identifier(String mib) {
        return new Scalar(new OID(mib + ".2"), () -> text(node.configuration().node().name()));
    }

    // Both tables begin and end alike; the counters of messages between differ.
    private Table<Numbered> table(String mib, String service, Function<Numbered, Integer> port,
            List<String> messages) {
        List<Column<Numbered>> columns = new ArrayList<>(List.of(
                new Column<>(2, row -> integer(address(row).length() == IPV4_OCTETS ? 1 : 2)),
                new Column<>(3, RadiusMib::address),
                new Column<>(4, row -> Values.unsigned(port.apply(row))),
                new Column<>(5, row -> Values.ticks(row.server().roundTripMicroseconds() / MICROSECONDS_PER_TICK))));
        int number = 6;
        for (String message : messages) {
            columns.add(counter(number++, service + "-" + message));
        }
        columns.add(new Column<>(number++, row -> gauge(row.server().outstanding())));
        for (String fault : List.of("timeouts", "unknown-types", "packets-dropped")) {
            columns.add(counter(number++, service + "-" + fault));
        }
        return new Table<>(new OID(mib + ".4.1"), new Rows<>(() -> servers(port), row -> Values.oid(row.number()),
                System::nanoTime), columns);
    }

    private Stream<Numbered> servers(Function<Numbered, Integer> port) {
        List<RadiusServerView> servers = node.radiusServers();
        return IntStream.range(0, servers.size()).mapToObj(i -> new Numbered(i + 1, servers.get(i)))
                .filter(row -> port.apply(row) != 0);
    }

    private static Column<Numbered> counter(int number, String name) {
        return new Column<>(number, row -> counter32(row.server().counters().getOrDefault(name, 0L)));
    }

    private static OctetString address(Numbered row) {
        return Values.octets(
                IpAddresses.parse(row.server().address()).map(java.net.InetAddress::getAddress).orElse(new byte[0]));
    }
}

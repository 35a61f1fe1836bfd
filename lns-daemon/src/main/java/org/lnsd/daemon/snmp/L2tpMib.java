package org.lnsd.daemon.snmp;

import static org.lnsd.daemon.snmp.Values.counter32;
import static org.lnsd.daemon.snmp.Values.gauge;
import static org.lnsd.daemon.snmp.Values.integer;
import static org.lnsd.daemon.snmp.Values.oid;
import static org.lnsd.daemon.snmp.Values.text;
import static org.lnsd.daemon.snmp.Values.truth;
import static org.lnsd.daemon.snmp.Values.unsigned;

import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.config.L2tpConfig;
import org.lnsd.daemon.config.PeerConfig;
import org.lnsd.daemon.control.Node;
import org.lnsd.daemon.control.SessionView;
import org.lnsd.daemon.control.TunnelView;
import org.lnsd.daemon.snmp.Table.Column;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;

/**
 * L2TP-MIB (RFC 3371), read only: what lnsd knows of it. A tunnel's ifIndex is {@value #FIRST_INDEX} and its id, which no kernel
 * interface has; its domain is the {@code [[l2tp.peer]]} entry.
 */
final class L2tpMib {

    /** The ifIndex of a tunnel is this and its local tunnel id. */
    static final int FIRST_INDEX = 0x0100_0000;

    private static final String L2TP = "1.3.6.1.2.1.10.95";
    private static final int ENABLED = 1;
    private static final int REMOTELY = 2;
    private static final int LNS_INCOMING = 2;
    private static final int UDP_IP = 3;
    private static final int ESTABLISHED = 3;
    private static final int L2TP_PORT = 1701;

    private final Node node;
    private final Supplier<List<Table.Row<TunnelView>>> tunnels;
    private final Supplier<List<Table.Row<SessionView>>> sessions;

    L2tpMib(Node node, Supplier<List<Table.Row<TunnelView>>> tunnels, LongSupplier clockNs) {
        this.node = node;
        this.tunnels = tunnels;
        this.sessions = new Rows<>(node::sessions,
                session -> oid(FIRST_INDEX + session.tunnelId(), session.sessionId()), clockNs);
    }

    /** The ifIndex of a tunnel. */
    static int interfaceIndex(TunnelView tunnel) { return FIRST_INDEX + tunnel.id(); }

    List<Subtree> subtrees() {
        return List.of(
                scalar("1.1.1.1", () -> integer(ENABLED)), scalar("1.1.1.2", () -> truth(isDraining())),
                scalar("1.1.2.1", () -> Values.octets((byte) 1, (byte) 0)),
                scalar("1.1.2.2", () -> text(l2tp().vendorName())),
                scalar("1.1.2.4", () -> truth(isDraining())),
                domains(), tunnelConfiguration(), tunnelStatistics(), sessionStatistics(), tunnelMap(), udp());
    }

    private static Scalar scalar(String object, Supplier<Variable> value) {
        return new Scalar(new OID(L2TP + "." + object), value);
    }

    private L2tpConfig l2tp() { return node.configuration().l2tp(); }

    private boolean isDraining() { return node.status().state().equals("draining"); }

    private Table<PeerConfig> domains() {
        Supplier<List<Table.Row<PeerConfig>>> rows = new Rows<>(() -> l2tp().peers().stream(),
                peer -> Values.textIndex(peer.name()), System::nanoTime);
        return new Table<>(new OID(L2TP + ".1.3.1"), rows, List.of(
                column(4, peer -> gauge(ofPeer(peer).filter(tunnel -> state(tunnel.state()) == ESTABLISHED).count())),
                column(7, peer -> gauge(ofPeer(peer).mapToInt(TunnelView::sessions).sum())),
                column(8, _ -> truth(isDraining()))));
    }

    private Stream<TunnelView> ofPeer(PeerConfig peer) {
        return node.tunnels().filter(tunnel -> tunnel.peer().equals(peer.name()));
    }

    private Table<TunnelView> tunnelConfiguration() {
        return new Table<>(new OID(L2TP + ".1.4.1"), tunnels, List.of(
                column(2, tunnel -> text(tunnel.peer())),
                column(6, _ -> integer(l2tp().helloInterval().toSeconds())),
                column(8, _ -> integer(l2tp().receiveWindow())),
                column(9, _ -> integer(l2tp().retransmit().attempts())),
                column(10, _ -> integer(Math.max(1, l2tp().retransmit().maximum().toSeconds()))),
                column(13, _ -> integer(UDP_IP)), column(14, _ -> truth(isDraining()))));
    }

    private Table<TunnelView> tunnelStatistics() {
        return new Table<>(new OID(L2TP + ".1.5.1"), tunnels, List.of(
                column(1, tunnel -> integer(tunnel.id())), column(2, tunnel -> integer(tunnel.peerTunnelId())),
                column(3, tunnel -> integer(state(tunnel.state()))), column(4, _ -> integer(REMOTELY)),
                column(5, tunnel -> text(tunnel.hostName())), column(6, tunnel -> text(tunnel.vendorName())),
                column(7, tunnel -> integer(tunnel.firmwareRevision())),
                column(8, _ -> Values.octets((byte) 1, (byte) 0)),
                column(9, tunnel -> integer(tunnel.sendWindow())),
                column(12, tunnel -> counter32(tunnel.messagesReceived())),
                column(14, tunnel -> counter32(tunnel.duplicates())),
                column(16, tunnel -> counter32(tunnel.messagesSent())),
                column(18, tunnel -> counter32(tunnel.retransmissions())),
                column(19, tunnel -> gauge(tunnel.congestionWindow())),
                column(20, tunnel -> integer(tunnel.ns())),
                column(21, tunnel -> integer((tunnel.ns() - tunnel.unacknowledged()) & 0xFFFF)),
                column(22, tunnel -> integer(tunnel.nr())), column(23, tunnel -> integer(tunnel.nr())),
                column(26, tunnel -> gauge(tunnel.sessions())), column(30, _ -> truth(isDraining()))));
    }

    private Table<SessionView> sessionStatistics() {
        return new Table<>(new OID(L2TP + ".1.7.1"), sessions, List.of(
                column(4, session -> integer(session.peerSessionId())), column(5, session -> text(session.user())),
                column(6, session -> integer(sessionState(session.state()))), column(7, _ -> integer(LNS_INCOMING)),
                column(8, session -> unsigned(session.callSerialNumber())),
                column(9, session -> unsigned(session.transmitSpeedBps())),
                column(10, session -> unsigned(session.receiveSpeedBps())),
                column(14, session -> text(session.calledNumber())),
                column(15, session -> text(session.callingNumber())),
                column(19, session -> integer(authentication(session.authentication())))));
    }

    private Table<TunnelView> tunnelMap() {
        return new Table<>(new OID(L2TP + ".1.8.1"),
                new Rows<>(() -> tunnels.get().stream().map(Table.Row::value), tunnel -> oid(tunnel.id()),
                        System::nanoTime),
                List.of(column(2, tunnel -> integer(interfaceIndex(tunnel)))));
    }

    private Table<TunnelView> udp() {
        return new Table<>(new OID(L2TP + ".3.1.1.2.1"), tunnels, List.of(
                column(2, tunnel -> integer(tunnel.peerPort())), column(3, _ -> integer(L2TP_PORT))));
    }

    private static <R> Column<R> column(int number, Function<R, @Nullable Variable> value) {
        return new Column<>(number, value);
    }

    /** L2tpTunnelStatsState. */
    private static int state(String rfcName) {
        return switch (rfcName) {
            case "idle" -> 1;
            case "established" -> ESTABLISHED;
            default -> rfcName.startsWith("wait") ? 2 : 4;
        };
    }

    private static int sessionState(String label) {
        return switch (label) {
            case "open" -> ESTABLISHED;
            case "closing" -> 4;
            default -> 2;
        };
    }

    /** L2tpSessionStatsAuthMethod. */
    private static int authentication(String method) {
        return switch (method) {
            case "chap" -> 3;
            case "pap" -> 4;
            case "mschapv2" -> 7;
            default -> 1;
        };
    }
}

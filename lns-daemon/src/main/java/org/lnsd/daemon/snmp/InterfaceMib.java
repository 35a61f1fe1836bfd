package org.lnsd.daemon.snmp;

import static org.lnsd.daemon.snmp.Values.counter64;
import static org.lnsd.daemon.snmp.Values.integer;
import static org.lnsd.daemon.snmp.Values.text;

import java.util.List;
import java.util.function.Supplier;
import org.lnsd.daemon.control.TunnelView;
import org.lnsd.daemon.snmp.Table.Column;
import org.snmp4j.smi.OID;

/** IF-MIB (RFC 2863): a row for each tunnel, as RFC 3371 section 3.4 wants it. Octets are counted for sessions, not for tunnels. */
final class InterfaceMib {

    private static final int TUNNEL = 131; // IANAifType
    private static final int UP = 1;
    private static final int DOWN = 2;

    private final Supplier<List<Table.Row<TunnelView>>> tunnels;

    InterfaceMib(Supplier<List<Table.Row<TunnelView>>> tunnels) { this.tunnels = tunnels; }

    List<Subtree> subtrees() {
        return List.of(
                new Table<>(new OID("1.3.6.1.2.1.2.2.1"), tunnels, List.of(
                        new Column<>(1, tunnel -> integer(L2tpMib.interfaceIndex(tunnel))),
                        new Column<>(2, tunnel -> text("L2TP tunnel " + tunnel.id() + " to " + tunnel.peerAddress())),
                        new Column<>(3, _ -> integer(TUNNEL)), new Column<>(7, _ -> integer(UP)),
                        new Column<>(8, tunnel -> integer(tunnel.state().equals("established") ? UP : DOWN)))),
                new Table<>(new OID("1.3.6.1.2.1.31.1.1.1"), tunnels, List.of(
                        new Column<>(1, tunnel -> text("l2tp" + tunnel.id())),
                        new Column<>(7, tunnel -> counter64(tunnel.messagesReceived())),
                        new Column<>(11, tunnel -> counter64(tunnel.messagesSent())),
                        new Column<>(18, tunnel -> text(tunnel.peer())))));
    }
}

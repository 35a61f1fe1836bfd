package org.lnsd.daemon.snmp;

import static org.lnsd.daemon.snmp.Values.text;

import java.util.List;
import org.lnsd.daemon.control.Node;
import org.snmp4j.smi.OID;

/** The group system of SNMPv2-MIB (RFC 3418). */
final class SystemMib {

    private static final String SYSTEM = "1.3.6.1.2.1.1.";
    private static final int INTERNET_LAYER = 4; // sysServices: 2^(3-1)

    private final Node node;

    SystemMib(Node node) { this.node = node; }

    List<Subtree> subtrees() {
        return List.of(
                new Scalar(new OID(SYSTEM + "1"), () -> text("lnsd " + node.status().version())),
                new Scalar(new OID(SYSTEM + "2"), () -> new OID(LnsdMib.ROOT)),
                new Scalar(new OID(SYSTEM + "3"), () -> Values.ticks(node.status().uptimeSeconds() * 100)),
                new Scalar(new OID(SYSTEM + "4"), () -> text("")),
                new Scalar(new OID(SYSTEM + "5"), () -> text(node.status().node())),
                new Scalar(new OID(SYSTEM + "6"), () -> text("")),
                new Scalar(new OID(SYSTEM + "7"), () -> Values.integer(INTERNET_LAYER)));
    }
}

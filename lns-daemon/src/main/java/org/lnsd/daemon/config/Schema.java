package org.lnsd.daemon.config;

import java.util.List;

/** All tables of lnsd.toml, in the order of the reference. */
final class Schema {

    static final TableSchema ROOT = new TableSchema("", false, false, "", List.of());

    private Schema() {}

    static List<TableSchema> tables() {
        return List.of(NodeTable.SCHEMA, L2tpTable.SCHEMA, PeerTable.SCHEMA, PppTable.SCHEMA, PoolTable.SCHEMA,
                FilterTable.SCHEMA, GardenTable.SCHEMA,
                UserTable.SCHEMA, RadiusTable.SCHEMA,
                RadiusServerTable.SCHEMA, DynamicAuthorizationTable.SCHEMA, TunTable.SCHEMA, ForwardingTable.SCHEMA,
                ControlTable.SCHEMA,
                MetricsTable.SCHEMA, LogTable.SCHEMA, HistoryTable.SCHEMA, SnmpTable.SCHEMA);
    }

    /** The names of the tables right below the root. */
    static List<String> roots() {
        return tables().stream().map(TableSchema::path).filter(path -> path.indexOf('.') < 0).toList();
    }
}

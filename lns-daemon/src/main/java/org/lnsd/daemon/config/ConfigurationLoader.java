package org.lnsd.daemon.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.lnsd.daemon.net.IpPrefix;

import org.tomlj.TomlParseResult;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads lnsd.toml. */
public final class ConfigurationLoader {

    /** 100,000 users with all that they may have; the parser needs some fifty times that in memory. */
    private static final int MAXIMUM_BYTES = 8 << 20;

    private ConfigurationLoader() {}

    /** Reads and checks the file; a file that cannot be read is an error like any other. */
    public static LoadedConfiguration load(Path file) {
        try {
            return parse(file.toString(), withoutByteOrderMark(BoundedFile.read(file, UTF_8, MAXIMUM_BYTES)));
        } catch (IOException failed) {
            return unreadable(file, "the file " + Unreadable.describe(failed));
        }
    }

    /** Reads and checks the text; {@code file} is only for the errors' sake. {@code ""} gives all defaults. */
    public static LoadedConfiguration parse(String file, String toml) {
        ErrorList errors = new ErrorList(file);
        Optional<TomlParseResult> parsed = TomlText.parse(toml, errors);
        if (parsed.isEmpty()) {
            return new LoadedConfiguration.Invalid(errors.sorted());
        }
        Configuration configuration = read(parsed.get(), new Place(errors, 1, 1));
        List<ConfigError> found = errors.sorted();
        return found.isEmpty() ? new LoadedConfiguration.Valid(configuration) : new LoadedConfiguration.Invalid(found);
    }

    /** Some editors begin a UTF-8 file with U+FEFF, which says nothing. */
    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static LoadedConfiguration unreadable(Path file, String text) {
        return new LoadedConfiguration.Invalid(List.of(new ConfigError(file.toString(), 1, 1, text)));
    }

    private static Configuration read(TomlParseResult parsed, Place place) {
        CrossChecks checks = new CrossChecks();
        TableReader root = TableReader.of(parsed, place, Schema.ROOT, Schema.roots());
        NodeConfig node = NodeTable.read(table(root, NodeTable.SCHEMA));
        L2tpConfig l2tp = L2tpTable.read(root.subtable(L2tpTable.SCHEMA, List.of(PeerTable.SCHEMA.name())), checks);
        PppConfig ppp = PppTable.read(table(root, PppTable.SCHEMA), checks);
        List<PoolConfig> pools = root.each(PoolTable.SCHEMA, in -> withoutOwnAddress(PoolTable.read(in, checks), ppp))
                .stream().map(Located::value).toList();
        List<FilterConfig> filters = root.each(FilterTable.SCHEMA, in -> FilterTable.read(in, checks)).stream()
                .map(Located::value).toList();
        List<GardenConfig> gardens = root.each(GardenTable.SCHEMA, in -> GardenTable.read(in, checks)).stream()
                .map(Located::value).toList();
        List<UserConfig> users = root.each(UserTable.SCHEMA, in -> UserTable.read(in, checks)).stream()
                .map(Located::value).toList();
        Optional<RadiusConfig> radius = root.hasSubtable(RadiusTable.SCHEMA)
                ? Optional.of(RadiusTable.read(root.subtable(RadiusTable.SCHEMA, RadiusTable.subtables()), checks))
                : Optional.empty();
        Optional<SnmpConfig> snmp = root.hasSubtable(SnmpTable.SCHEMA)
                ? Optional.of(SnmpTable.read(table(root, SnmpTable.SCHEMA)))
                : Optional.empty();
        TunConfig tun = TunTable.read(table(root, TunTable.SCHEMA), checks);
        ForwardingConfig forwarding = ForwardingTable.read(table(root, ForwardingTable.SCHEMA), checks);
        checks.finish();
        return new Configuration(node, l2tp, ppp, pools, filters, gardens, users, radius, tun, forwarding,
                ControlTable.read(table(root, ControlTable.SCHEMA)),
                MetricsTable.read(table(root, MetricsTable.SCHEMA)), LogTable.read(table(root, LogTable.SCHEMA)),
                HistoryTable.read(table(root, HistoryTable.SCHEMA)), snmp,
                place.errors().isEmpty() ? ConfigurationListing.of(parsed) : ConfigurationListing.NONE);
    }

    private static TableReader table(TableReader root, TableSchema schema) { return root.subtable(schema, List.of()); }

    private static PoolConfig withoutOwnAddress(PoolConfig pool, PppConfig ppp) {
        List<IpPrefix> exclude = new ArrayList<>(pool.exclude());
        exclude.add(IpPrefix.ofHost(ppp.address()));
        return new PoolConfig(pool.name(), pool.ipv4(), pool.ipv6Prefix(), pool.ipv6Delegated(), List.copyOf(exclude),
                pool.quarantine());
    }
}

package org.lnsd.daemon.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.lnsd.daemon.net.IpPrefix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads lnsd.toml. */
public final class ConfigurationLoader {

    /** 100,000 users with all that they may have. */
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
        return parse(file, toml, HeapRoom.ofThisProcess());
    }

    static LoadedConfiguration parse(String file, String toml, HeapRoom room) {
        ErrorList errors = new ErrorList(file);
        if (!room.isEnoughToKeep(toml)) {
            errors.giveUp(1, room.missing());
            return new LoadedConfiguration.Invalid(errors.sorted());
        }
        List<TextPart> texts = TextPart.of(toml);
        Optional<TomlPart> first = TomlText.parse(texts.getFirst(), room, errors);
        if (texts.size() > 1 && first.filter(part -> part.root().contains(List.of("user"))).isPresent()) {
            texts = List.of(TextPart.whole(toml)); // users in another form, too
            first = TomlText.parse(texts.getFirst(), room, errors);
        }
        Stream<TomlPart> others = TomlText.parse(texts.subList(1, texts.size()), room, errors);
        if (first.isEmpty()) {
            others.forEach(_ -> {
                // for its errors
            });
            return new LoadedConfiguration.Invalid(errors.sorted());
        }
        Configuration configuration = read(first.get(), others, errors);
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

    private static Configuration read(TomlPart first, Stream<TomlPart> others, ErrorList errors) {
        CrossChecks checks = new CrossChecks();
        TableReader root = root(first, errors);
        ListingBuilder listing = new ListingBuilder();
        NodeConfig node = NodeTable.read(table(root, NodeTable.SCHEMA));
        L2tpConfig l2tp = L2tpTable.read(root.subtable(L2tpTable.SCHEMA, List.of(PeerTable.SCHEMA.name())), checks);
        PppConfig ppp = PppTable.read(table(root, PppTable.SCHEMA), checks);
        List<PoolConfig> pools = root.each(PoolTable.SCHEMA, in -> withoutOwnAddress(PoolTable.read(in, checks), ppp))
                .stream().map(Located::value).toList();
        List<FilterConfig> filters = root.each(FilterTable.SCHEMA, in -> FilterTable.read(in, checks)).stream()
                .map(Located::value).toList();
        List<GardenConfig> gardens = root.each(GardenTable.SCHEMA, in -> GardenTable.read(in, checks)).stream()
                .map(Located::value).toList();
        List<UserConfig> users = new ArrayList<>(users(root, checks));
        others.forEach(part -> {
            users.addAll(users(root(part, errors), checks));
            if (errors.isEmpty()) {
                listing.add(part);
            }
        });
        Optional<RadiusConfig> radius = root.hasSubtable(RadiusTable.SCHEMA)
                ? Optional.of(RadiusTable.read(root.subtable(RadiusTable.SCHEMA, RadiusTable.subtables()), checks))
                : Optional.empty();
        Optional<SnmpConfig> snmp = root.hasSubtable(SnmpTable.SCHEMA)
                ? Optional.of(SnmpTable.read(table(root, SnmpTable.SCHEMA)))
                : Optional.empty();
        TunConfig tun = TunTable.read(table(root, TunTable.SCHEMA), checks);
        ForwardingConfig forwarding = ForwardingTable.read(table(root, ForwardingTable.SCHEMA), checks);
        checks.finish();
        return new Configuration(node, l2tp, ppp, pools, filters, gardens, List.copyOf(users), radius, tun, forwarding,
                ControlTable.read(table(root, ControlTable.SCHEMA)),
                MetricsTable.read(table(root, MetricsTable.SCHEMA)), LogTable.read(table(root, LogTable.SCHEMA)),
                HistoryTable.read(table(root, HistoryTable.SCHEMA)), snmp,
                errors.isEmpty() ? listing.with(first).build() : ConfigurationListing.NONE);
    }

    private static TableReader root(TomlPart part, ErrorList errors) {
        return TableReader.of(part.root(), Place.beginning(errors, part.lines()), Schema.ROOT, Schema.roots());
    }

    private static List<UserConfig> users(TableReader root, CrossChecks checks) {
        return root.each(UserTable.SCHEMA, in -> UserTable.read(in, checks)).stream().map(Located::value).toList();
    }

    private static TableReader table(TableReader root, TableSchema schema) { return root.subtable(schema, List.of()); }

    private static PoolConfig withoutOwnAddress(PoolConfig pool, PppConfig ppp) {
        List<IpPrefix> exclude = new ArrayList<>(pool.exclude());
        exclude.add(IpPrefix.ofHost(ppp.address()));
        return new PoolConfig(pool.name(), pool.ipv4(), pool.ipv6Prefix(), pool.ipv6Delegated(), List.copyOf(exclude),
                pool.quarantine());
    }
}

package org.lnsd.daemon.config;

import java.util.List;

/** The default file and the reference for people, both made from the keys that the parser reads. */
public final class ConfigurationReference {

    private static final int COMMENT_COLUMN = 48;

    private ConfigurationReference() {}

    /** The default lnsd.toml: every key with its default and a comment; what has no default is commented out. */
    public static String defaultFile() {
        StringBuilder text = new StringBuilder(8192);
        text.append(
                "# The configuration of lnsd. Every key stands here with its default; what is commented out has none and shows an example.\n")
                .append("# `lnsd --config FILE --check` says whether it is right, `lnsctl reload` takes it over. docs/CONFIGURATION.md tells more.\n");
        for (TableSchema table : Schema.tables()) {
            String comment = table.absent() ? "#" : "";
            text.append('\n').append("# ").append(table.help()).append('\n');
            text.append(comment).append(table.header()).append('\n');
            for (Key<?> key : table.keys()) {
                String line = (table.absent() || key.presence() != Presence.DEFAULT ? "#" : "") + key.name() + " = "
                        + key.literal();
                text.append(line).repeat(' ', Math.max(2, COMMENT_COLUMN - line.length())).append("# ")
                        .append(key.help()).append('\n');
            }
        }
        return text.toString();
    }

    /** The reference as Markdown. */
    public static String markdown() {
        StringBuilder text = new StringBuilder(16_384);
        for (TableSchema table : Schema.tables()) {
            text.append("\n## `").append(table.header()).append("`\n\n").append(table.help())
                    .append(table.repeated() ? " Any number of them.\n" : "\n")
                    .append("\n| key | value | default | meaning | a change takes effect |\n| --- | --- | --- | --- | --- |\n");
            table.keys().forEach(key -> row(text, "", key));
        }
        return text.toString();
    }

    private static void row(StringBuilder text, String within, Key<?> key) {
        String name = within + key.name();
        text.append("| `").append(name).append("` | ").append(cell(key.type().description())).append(" | ")
                .append(fallback(key)).append(" | ")
                .append(cell(key.help())).append(" | ").append(when(key.effect())).append(" |\n");
        if (key.type() instanceof ValueTypes.TableType<?> inline) {
            List<Key<?>> keys = inline.keys();
            keys.forEach(inner -> row(text, name + ".", inner));
        }
    }

    private static String fallback(Key<?> key) {
        return switch (key.presence()) {
            case DEFAULT -> "`" + cell(key.literal()) + "`";
            case OPTIONAL -> "none; e.g. `" + cell(key.literal()) + "`";
            case REQUIRED -> "must be given; e.g. `" + cell(key.literal()) + "`";
        };
    }

    private static String cell(String text) { return text.replace("|", "\\|"); }

    private static String when(Effect effect) {
        return switch (effect) {
            case LIVE -> "at once";
            case NEW_SESSIONS -> "for new tunnels and sessions";
            case RESTART -> "with a restart";
        };
    }
}

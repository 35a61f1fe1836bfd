package org.lnsd.cli.l2tpns;

import java.util.ArrayList;
import java.util.List;
import org.lnsd.daemon.config.ConfigError;
import org.lnsd.daemon.config.ConfigurationLoader;
import org.lnsd.daemon.config.LoadedConfiguration;

/** An lnsd.toml in the making, with remarks on what could not be carried over. */
final class Draft {

    private static final int COMMENT_COLUMN = 48;

    private final List<String> lines = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    /** Begins a table. */
    void table(String header) {
        lines.add("");
        lines.add(header);
    }

    /** A key of the last table, its value as TOML. */
    void put(String key, String toml) {
        lines.add(key + " = " + toml);
    }

    /** A key with a comment behind it. */
    void put(String key, String toml, String comment) {
        String line = key + " = " + toml;
        lines.add(line + " ".repeat(Math.max(2, COMMENT_COLUMN - line.length())) + "# " + comment);
    }

    /** A line of comment. */
    void comment(String text) { lines.add("# " + text); }

    /** A line that could not be carried over. */
    void remark(Statement statement, String why) {
        remarks.add(statement.shown() + ": " + why);
    }

    /** Something else that the operator should know. */
    void remark(String text) { remarks.add(text); }

    /** What could not be carried over. */
    List<String> remarks() { return remarks; }

    /** Makes comments of the lines that lnsd would refuse, each with a remark. */
    void dropWhatIsRefused() {
        boolean dropped = true;
        while (dropped && ConfigurationLoader.parse("lnsd.toml",
                String.join("\n", lines)) instanceof LoadedConfiguration.Invalid(List<ConfigError> errors)) {
            dropped = false;
            for (ConfigError error : errors) {
                String line = lines.get(Math.min(error.line(), lines.size()) - 1);
                if (line.startsWith("#") || line.startsWith("[") || line.isEmpty()) {
                    continue;
                }
                lines.set(error.line() - 1, "# refused: " + line);
                remarks.add("\"" + line.replaceFirst(" *#.*", "") + "\" is left out, lnsd refuses it: " + error.text());
                dropped = true;
            }
        }
    }

    /** The file. */
    String toToml() {
        StringBuilder text = new StringBuilder(4096);
        text.append(
                "# lnsd.toml, made of the configuration of l2tpns by lnsctl import. Keys that do not stand here have their defaults\n")
                .append("# (docs/CONFIGURATION.md); `lnsd --config FILE --check` checks it.\n");
        if (!remarks.isEmpty()) {
            text.append("#\n# What could not be carried over, and what to look at:\n");
            remarks.forEach(remark -> text.append("# - ").append(remark.replace('\n', ' ')).append('\n'));
        }
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}

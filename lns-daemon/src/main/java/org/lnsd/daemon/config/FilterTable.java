package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.LIVE;

import java.util.List;
import org.lnsd.daemon.filter.CompiledFilter;
import org.lnsd.daemon.filter.FilterParser;
import org.lnsd.daemon.filter.FilterRule;

/** {@code [[filter]]}. */
final class FilterTable {

    private static final Key<String> NAME = Key.required("name", ValueTypes.name(), "\"no-smtp\"", LIVE,
            "its name for users, RADIUS (Filter-Id) and lnsctl");
    private static final Key<List<FilterRule>> RULES = Key.required("rules", ValueTypes.nonEmptyList(rule()),
            "[\"deny tcp any any eq 25\", \"permit any\"]", LIVE,
            "the first that matches decides; what matches none is dropped (docs/RATES-AND-FILTERS.md)");

    static final TableSchema SCHEMA = new TableSchema("filter", true, true, "What a line may send or receive.",
            List.of(NAME, RULES));

    private FilterTable() {}

    static FilterConfig read(TableReader in, CrossChecks checks) {
        FilterConfig filter = new FilterConfig(in.get(NAME), in.get(RULES));
        if (filter.rules().size() > CompiledFilter.MAXIMUM_RULES) {
            in.placeOf(RULES).error("rules: " + filter.rules().size() + " rules, at most "
                    + CompiledFilter.MAXIMUM_RULES + " expected");
        }
        checks.filterName(new Located<>(filter.name(), in.placeOf(NAME)));
        return filter;
    }

    private static ValueType<FilterRule> rule() {
        return ValueTypes.text(text -> {
            try {
                return FilterParser.parse(text);
            } catch (IllegalArgumentException wrong) {
                throw new BadValue(String.valueOf(wrong.getMessage()));
            }
        }, FilterParser.parse("deny any"), "a rule such as \"deny tcp any any eq 25\"");
    }
}

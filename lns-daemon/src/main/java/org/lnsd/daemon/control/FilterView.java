package org.lnsd.daemon.control;

import java.util.ArrayList;
import java.util.List;
import org.lnsd.daemon.filter.CompiledFilter;

/**
 * One list of rules.
 *
 * @param name its name
 * @param rules in their order, with what each decided
 * @param unmatchedPackets how many packets matched none and were dropped
 */
public record FilterView(String name, List<RuleView> rules, long unmatchedPackets) {

    /**
     * One rule.
     *
     * @param rule as it is written
     * @param packets how many packets it decided; a super-packet counts as one
     */
    public record RuleView(String rule, long packets) {}

    /** The view of a list. */
    public static FilterView of(CompiledFilter filter) {
        List<RuleView> rules = new ArrayList<>();
        for (int i = 0; i < filter.rules().size(); i++) {
            rules.add(new RuleView(filter.rules().get(i).toString(), filter.hits(i)));
        }
        return new FilterView(filter.name(), rules, filter.hits(rules.size()));
    }
}

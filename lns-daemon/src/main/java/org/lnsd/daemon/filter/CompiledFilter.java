package org.lnsd.daemon.filter;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.lnsd.daemon.filter.Dimension.Span;

/**
 * A list of rules as bit vectors (Lakshman and Stiliadis): each field of the packet gives the set of rules that it matches, the first rule in all sets
 * decides. A packet that matches no rule is denied. Allocates nothing; any number of threads with a number each.
 */
public final class CompiledFilter {
    /** Most rules of a list. */
    public static final int MAXIMUM_RULES = 4096;
    private static final Span IPV4_ALL = Span.of(0, 0xffff_ffffL);
    private static final Span IPV6_ALL = new Span(0, 0, -1, -1);
    private static final Span PORTS_ALL = Span.of(0, 0xffff);

    private final String name;
    private final FilterRule[] rules;
    private final boolean[] rest;
    private final long[][] protocols = new long[256][];
    private final Dimension source4;
    private final Dimension destination4;
    private final Dimension source6;
    private final Dimension destination6;
    private final Dimension sourcePorts;
    private final Dimension destinationPorts;
    private final long[] withoutPorts;
    private final long[] laterFragments;
    private final long[] wholePackets;
    private final long[][] hits;

    /**
     * Compiles.
     *
     * @param threads how many threads will call {@link #permits}
     */
    public CompiledFilter(String name, List<FilterRule> list, int threads) {
        if (list.size() > MAXIMUM_RULES) {
            throw new IllegalArgumentException(
                    "filter \"" + name + "\" has " + list.size() + " rules, at most " + MAXIMUM_RULES + " expected");
        }
        this.name = name;
        rules = list.toArray(FilterRule[]::new);
        rest = new boolean[rules.length];
        for (int i = 0; i < rules.length; i++) {
            FilterRule rule = rules[i];
            rest[i] = !rule.tcpFlags().isAny() || rule.icmpType() >= 0 || rule.source().isScattered()
                    || rule.destination().isScattered();
        }
        source4 = dimension(rule -> addresses4(rule, rule.source()));
        destination4 = dimension(rule -> addresses4(rule, rule.destination()));
        source6 = dimension(rule -> addresses6(rule, rule.source()));
        destination6 = dimension(rule -> addresses6(rule, rule.destination()));
        sourcePorts = dimension(rule -> ports(rule.sourcePorts()));
        destinationPorts = dimension(rule -> ports(rule.destinationPorts()));
        withoutPorts = vector(rule -> rule.sourcePorts().isAny() && rule.destinationPorts().isAny());
        laterFragments = vector(rule -> rule.permit() || !rule.looksAtTransport());
        wholePackets = vector(rule -> !rule.fragments());
        long[] unnamed = vector(rule -> rule.protocol() < 0);
        Arrays.fill(protocols, unnamed);
        for (FilterRule named : rules) {
            if (named.protocol() >= 0) {
                protocols[named.protocol()] = vector(
                        rule -> rule.protocol() < 0 || rule.protocol() == named.protocol());
            }
        }
        hits = new long[threads][rules.length + 1];
    }

    /** The name of the list. */
    public String name() { return name; }

    /** The rules in their order. */
    public List<FilterRule> rules() { return List.of(rules); }

    /** Whether the packet may pass; counts the rule that decided. */
    public boolean permits(PacketFields packet, int thread) {
        return judge(packet, thread) == Verdict.PERMIT;
    }

    /** What becomes of the packet; counts the rule that decided. */
    public Verdict judge(PacketFields packet, int thread) {
        int rule = decide(packet);
        if (rule < 0) {
            hits[thread][rules.length]++;
            return Verdict.DENY;
        }
        hits[thread][rule]++;
        FilterRule decided = rules[rule];
        return decided.permit() ? Verdict.PERMIT : decided.told() ? Verdict.REJECT : Verdict.DENY;
    }

    /** The first rule that matches; -1: none, the packet is denied. */
    int decide(PacketFields packet) {
        boolean six = packet.family() == 6;
        long[] sources = (six ? source6 : source4).rules(packet.sourceHigh(), packet.sourceLow());
        long[] destinations = (six ? destination6 : destination4).rules(packet.destinationHigh(),
                packet.destinationLow());
        long[] protocol = protocols[packet.protocol()];
        boolean ports = packet.sourcePort() >= 0;
        long[] kind = packet.laterFragment() ? laterFragments : ports ? wholePackets : withoutPorts;
        long[] from = ports ? sourcePorts.rules(0, packet.sourcePort()) : packet.laterFragment() ? kind : wholePackets;
        long[] to = ports ? destinationPorts.rules(0, packet.destinationPort()) : kind;
        for (int word = 0; word < protocol.length; word++) {
            long candidates = sources[word] & destinations[word] & protocol[word] & kind[word] & from[word] & to[word];
            while (candidates != 0) {
                int rule = (word << 6) + Long.numberOfTrailingZeros(candidates);
                if (!rest[rule] || matchesRest(rules[rule], packet)) {
                    return rule;
                }
                candidates &= candidates - 1;
            }
        }
        return -1;
    }

    private static boolean matchesRest(FilterRule rule, PacketFields packet) {
        return rule.source().matches(packet.sourceHigh(), packet.sourceLow())
                && rule.destination().matches(packet.destinationHigh(), packet.destinationLow())
                && (packet.laterFragment() || rule.matchesRest(packet));
    }

    /** How many packets this rule decided; one beyond the last rule: how many matched none. Any thread. */
    public long hits(int rule) {
        long sum = 0;
        for (long[] ofThread : hits) {
            sum += ofThread[rule];
        }
        return sum;
    }

    private Dimension dimension(Function<FilterRule, List<Span>> spans) {
        return new Dimension(Arrays.stream(rules).map(spans).toList());
    }

    private long[] vector(Predicate<FilterRule> holds) {
        long[] bits = new long[Math.max(1, (rules.length + 63) / 64)];
        for (int rule = 0; rule < rules.length; rule++) {
            if (holds.test(rules[rule])) {
                bits[rule >>> 6] |= 1L << rule;
            }
        }
        return bits;
    }

    private static List<Span> addresses4(FilterRule rule, AddressMatch match) {
        if (rule.family() == 6 || match.family() == 6) {
            return List.of();
        }
        return List.of(match.isAny() ? IPV4_ALL : Span.of(match.firstIpv4(), match.lastIpv4()));
    }

    private static List<Span> addresses6(FilterRule rule, AddressMatch match) {
        if (rule.family() == 4 || match.family() == 4) {
            return List.of();
        }
        return List.of(match.isAny()
                ? IPV6_ALL
                : new Span(match.high() & match.maskHigh(), match.low() & match.maskLow(),
                        match.high() | ~match.maskHigh(),
                        match.low() | ~match.maskLow()));
    }

    private static List<Span> ports(PortMatch match) {
        return match.isAny()
                ? List.of(PORTS_ALL)
                : match.ranges().stream().map(range -> Span.of(range.first(), range.last())).toList();
    }
}

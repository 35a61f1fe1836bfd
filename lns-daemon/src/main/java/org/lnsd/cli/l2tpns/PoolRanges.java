package org.lnsd.cli.l2tpns;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;

/** Reads ip_pool: a range or an address a line, some only for one of our own addresses ({@code OWN:RANGE}). */
final class PoolRanges {

    private final Draft draft;
    private final List<String> localAddresses;

    PoolRanges(Draft draft, List<String> localAddresses) {
        this.draft = draft;
        this.localAddresses = localAddresses;
    }

    /** The ranges, without those that others hold already. */
    List<String> of(List<Statement> lines) {
        List<IpPrefix> ranges = new ArrayList<>();
        for (Statement line : lines) {
            String text = line.word(0);
            int colon = text.indexOf(':');
            String own = colon < 0 ? "" : text.substring(0, colon);
            if (!own.isEmpty() && !localAddresses.isEmpty() && !localAddresses.contains(own)) {
                draft.remark(line, "a range for another address of ours: " + own);
                continue;
            }
            range(text.substring(colon + 1)).ifPresentOrElse(range -> add(range, ranges, line),
                    () -> draft.remark(line, "no address or range of IPv4"));
        }
        return ranges.stream().map(IpPrefix::toString).toList();
    }

    private void add(IpPrefix range, List<IpPrefix> ranges, Statement line) {
        if (ranges.stream().anyMatch(known -> known.contains(range))) {
            draft.remark(line, "is part of another range");
            return;
        }
        ranges.removeIf(range::contains);
        ranges.add(range);
    }

    // l2tpns masks what is behind the length, lnsd would refuse it.
    private static Optional<IpPrefix> range(String text) {
        int slash = text.indexOf('/');
        String length = slash < 0 ? "32" : text.substring(slash + 1);
        if (!length.matches("[0-9]|[12][0-9]|3[0-2]")) {
            return Optional.empty();
        }
        return IpAddresses.parseIpv4(slash < 0 ? text : text.substring(0, slash))
                .map(address -> IpPrefix.of(address, Integer.parseInt(length)));
    }
}

package org.lnsd.daemon.pool;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.lnsd.daemon.net.IpPrefix;

/** Prefixes that sessions have beside their own blocks, such as a static network within a pool's range: no block in them is handed out. Several sessions may have one. */
final class SetAside {
    private static final int LENGTHS = 129;

    private final Map<IpPrefix, Integer> owners = new HashMap<>();
    private final int[] ofIpv4 = new int[LENGTHS];
    private final int[] ofIpv6 = new int[LENGTHS];
    private long removals;

    /** How often something was given back: as long as it is the same, nothing has become free. */
    long removals() {
        return removals;
    }

    boolean isEmpty() { return owners.isEmpty(); }

    void add(IpPrefix prefix) {
        if (owners.merge(prefix, 1, Integer::sum) == 1) {
            lengths(prefix)[prefix.length()]++;
        }
    }

    /** What is not set aside is ignored. */
    void remove(IpPrefix prefix) {
        Integer count = owners.get(prefix);
        if (count != null && count > 1) {
            owners.put(prefix, count - 1);
        } else if (count != null) {
            owners.remove(prefix);
            lengths(prefix)[prefix.length()]--;
            removals++;
        }
    }

    private int[] lengths(IpPrefix prefix) { return prefix.isIpv4() ? ofIpv4 : ofIpv6; }

    /** The largest prefix within the range that has the block in it. */
    Optional<IpPrefix> around(IpPrefix block, IpPrefix range) {
        int[] lengths = lengths(block);
        for (int length = range.length() + 1; length <= block.length() && !owners.isEmpty(); length++) {
            if (lengths[length] > 0) {
                IpPrefix candidate = IpPrefix.of(block.address(), length);
                if (owners.containsKey(candidate)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }
}

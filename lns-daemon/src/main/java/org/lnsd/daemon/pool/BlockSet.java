package org.lnsd.daemon.pool;

import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Equal blocks (addresses or prefixes) cut out of ranges, numbered from 0 over all of them. A block that was never used costs
 * nothing: {@code fresh} counts up, and only then blocks that were released are used again, the one that is free the longest first.
 * Its caller sees to it that one thread is in it at a time.
 */
final class BlockSet {

    private static final int LONGEST_WITH_ENDS = 30;

    private final List<IpPrefix> ranges;
    private final int blockLength;
    private final long[] firstNumbers;
    private final long size;
    private final long excluded;
    private final List<IpPrefix> exclude;
    private final long quarantineNs;
    private final SetAside setAside;
    private final BlockNumbers inUse = new BlockNumbers();
    /** The valid entry of {@link #freed} of each block that is free and was not always. */
    private final Map<Long, Freed> free = new HashMap<>();
    private final Map<String, Long> lastOf = new HashMap<>();
    private final ArrayDeque<Freed> freed = new ArrayDeque<>();
    // Blocks that were never used, passed over because they were set aside.
    private final List<Span> skipped = new ArrayList<>();
    private long removalsWhenNoneWasFree = -1;
    private long fresh;
    private long used;
    private long exhausted;

    /** From the one number until before the other. */
    private record Span(long from, long end) {}

    private record Freed(long number, String formerKey, long atNs) {}

    BlockSet(List<IpPrefix> ranges, int blockLength, List<IpPrefix> exclude, long quarantineNs,
            SetAside setAside) {
        this.setAside = setAside;
        this.ranges = List.copyOf(ranges);
        this.blockLength = blockLength;
        this.exclude = exclude.stream().filter(prefix -> ranges.stream().anyMatch(range -> range.overlaps(prefix)))
                .toList();
        this.quarantineNs = quarantineNs;
        firstNumbers = new long[ranges.size()];
        long count = 0;
        for (int i = 0; i < firstNumbers.length; i++) {
            firstNumbers[i] = count;
            count += countOf(ranges.get(i));
        }
        size = count;
        long ends = this.ranges.stream().mapToLong(BlockSet::endsIn).sum()
                - this.exclude.stream().mapToLong(BlockSet::endsIn).sum();
        excluded = Math.min(size, this.exclude.stream().mapToLong(this::countOf).sum() + Math.max(0, ends));
    }

    /** How many IPv4 addresses of a range end in 0 or 255; in one of two addresses or less they do no harm. */
    private static long endsIn(IpPrefix range) {
        if (!range.isIpv4() || range.length() > LONGEST_WITH_ENDS) {
            return 0;
        }
        int hosts = (1 << 32 - Math.max(24, range.length())) - 1;
        int first = range.address().getAddress()[3] & 0xff;
        int each = (first == 0 ? 1 : 0) + (first + hosts == 255 ? 1 : 0);
        return (long) each << Math.max(0, 24 - range.length());
    }

    Optional<IpPrefix> take(String stickyKey, long nowNs) {
        Long last = lastOf.get(stickyKey);
        if (last != null && !inUse.contains(last) && around(last).isEmpty()) {
            return Optional.of(use(last));
        }
        Freed oldest = oldestFreed();
        if (oldest != null && nowNs - oldest.atNs >= quarantineNs) {
            return Optional.of(use(oldest.number));
        }
        long number = takeFresh();
        if (number < 0 && oldest != null) {
            number = oldest.number;
        }
        if (number >= 0) {
            return Optional.of(use(number));
        }
        exhausted++;
        return Optional.empty();
    }

    /** Takes a block that is wished for; false: in use, or not to be handed out. */
    boolean takeThis(IpPrefix wished) {
        long number = numberOf(wished);
        if (number < 0 || inUse.contains(number) || isExcluded(number) || around(number).isPresent()) {
            return false;
        }
        use(number);
        return true;
    }

    /** A block that was never used; negative: there is none. */
    private long takeFresh() {
        while (fresh < size) {
            long number = fresh;
            fresh = afterExclusion(number);
            if (fresh == number) {
                Optional<IpPrefix> network = around(number);
                fresh = network.map(prefix -> numberOf(IpPrefix.of(prefix.address(), blockLength)) + countOf(prefix))
                        .orElse(number + 1);
                if (network.isPresent()) {
                    skipped.add(new Span(number, fresh));
                } else if (!isKnown(number)) {
                    return number;
                }
            }
        }
        return takeSkipped();
    }

    private long takeSkipped() {
        if (skipped.isEmpty() || removalsWhenNoneWasFree == setAside.removals()) {
            return -1;
        }
        for (int i = 0; i < skipped.size(); i++) {
            Span span = skipped.get(i);
            for (long number = span.from; number < span.end && around(number).isEmpty(); number++) {
                skipped.set(i, new Span(number + 1, span.end));
                if (!isKnown(number) && !isExcluded(number)) {
                    return number;
                }
            }
        }
        skipped.removeIf(span -> span.from >= span.end);
        removalsWhenNoneWasFree = setAside.removals();
        return -1;
    }

    private Optional<IpPrefix> around(long number) {
        return setAside.isEmpty()
                ? Optional.empty()
                : setAside.around(prefixOf(number), ranges.get(rangeOf(number)));
    }

    /** False: in use. A prefix that is no block of this set is none of its business. */
    boolean reserve(IpPrefix prefix) {
        long number = numberOf(prefix);
        if (number < 0) {
            return true;
        }
        if (inUse.contains(number)) {
            return false;
        }
        use(number);
        return true;
    }

    void release(IpPrefix prefix, String stickyKey, long nowNs) {
        long number = numberOf(prefix);
        if (number < 0 || !inUse.contains(number)) {
            return;
        }
        used--;
        inUse.remove(number);
        if (isExcluded(number)) {
            return;
        }
        Freed entry = new Freed(number, stickyKey, nowNs);
        free.put(number, entry);
        freed.addLast(entry);
        lastOf.put(stickyKey, number);
    }

    void collectUsed(Consumer<IpPrefix> into) { inUse.forEach(number -> into.accept(prefixOf(number))); }

    PoolStatistics statistics(String name, Family family, long nowNs) {
        long quarantined = freed.stream().filter(entry -> isValid(entry) && nowNs - entry.atNs < quarantineNs).count();
        return new PoolStatistics(name, family, ranges, size - excluded, used, quarantined, exhausted);
    }

    List<IpPrefix> ranges() { return ranges; }

    private boolean isKnown(long number) { return inUse.contains(number) || free.containsKey(number); }

    private IpPrefix use(long number) {
        Freed former = free.remove(number);
        if (former != null) {
            lastOf.remove(former.formerKey, number);
        }
        inUse.add(number);
        used++;
        trimQueue();
        return prefixOf(number);
    }

    // An entry stays in the queue when its block is taken out of turn; the head is always a valid one.
    private @Nullable Freed oldestFreed() {
        trimQueue();
        if (setAside.isEmpty()) {
            return freed.peekFirst();
        }
        return freed.stream().filter(entry -> isValid(entry) && around(entry.number).isEmpty()).findFirst()
                .orElse(null);
    }

    private void trimQueue() {
        for (Freed head = freed.peekFirst(); head != null && !isValid(head); head = freed.peekFirst()) {
            freed.removeFirst();
        }
        if (freed.size() > 2L * free.size() + 16) {
            freed.removeIf(entry -> !isValid(entry));
        }
    }

    @SuppressWarnings("ReferenceEquality") // the one entry that the block was queued with last, not an equal one
    private boolean isValid(Freed entry) { return free.get(entry.number) == entry; }

    private boolean isExcluded(long number) { return afterExclusion(number) != number; }

    /** The first block behind the exclusion that this one lies in, which may be a million blocks on; the block itself if it lies in none. */
    private long afterExclusion(long number) {
        int i = rangeOf(number);
        IpPrefix range = ranges.get(i);
        if (endsIn(range) > 0 && isEnd(number - firstNumbers[i], range)) {
            return number + 1;
        }
        if (exclude.isEmpty()) {
            return number;
        }
        IpPrefix block = prefixOf(number);
        for (IpPrefix out : exclude) {
            if (block.contains(out)) {
                return number + 1;
            } else if (out.contains(range)) {
                return firstNumbers[i] + countOf(range);
            } else if (out.contains(block)) {
                return numberOf(IpPrefix.of(out.address(), blockLength)) + countOf(out);
            }
        }
        return number;
    }

    /** Routers and subscribers' systems take an address that ends in 0 or 255 for a network or a broadcast address. */
    private static boolean isEnd(long distance, IpPrefix range) {
        long last = (range.address().getAddress()[3] & 0xff) + distance & 0xff;
        return last == 0 || last == 255;
    }

    private long countOf(IpPrefix range) { return 1L << Math.max(0, Math.min(40, blockLength - range.length())); }

    private long numberOf(IpPrefix prefix) {
        for (int i = 0; i < firstNumbers.length; i++) {
            IpPrefix range = ranges.get(i);
            if (prefix.length() == blockLength && range.contains(prefix)) {
                BigInteger distance = bits(prefix.address()).subtract(bits(range.address()))
                        .shiftRight(addressBits(range) - blockLength);
                return distance.bitLength() > 40 ? -1 : firstNumbers[i] + distance.longValue();
            }
        }
        return -1;
    }

    private int rangeOf(long number) {
        int i = firstNumbers.length - 1;
        while (firstNumbers[i] > number) {
            i--;
        }
        return i;
    }

    private IpPrefix prefixOf(long number) {
        int i = rangeOf(number);
        IpPrefix range = ranges.get(i);
        BigInteger distance = BigInteger.valueOf(number - firstNumbers[i]).shiftLeft(addressBits(range) - blockLength);
        return new IpPrefix(address(bits(range.address()).add(distance), addressBits(range) / 8), blockLength);
    }

    private static int addressBits(IpPrefix prefix) { return prefix.isIpv4() ? 32 : 128; }

    private static BigInteger bits(InetAddress address) { return new BigInteger(1, address.getAddress()); }

    private static InetAddress address(BigInteger bits, int lengthBytes) {
        byte[] octets = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            octets[i] = bits.shiftRight(8 * (lengthBytes - 1 - i)).byteValue();
        }
        return IpAddresses.ofBytes(octets);
    }
}

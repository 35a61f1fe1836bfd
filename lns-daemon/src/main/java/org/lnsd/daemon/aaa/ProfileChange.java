package org.lnsd.daemon.aaa;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.lnsd.daemon.aaa.Profile.TerminationAction;

/**
 * What a CoA-Request wants changed; what is empty stays as it is (RFC 5176 section 2.2).
 *
 * @param rateDown new limit towards the subscriber
 * @param rateUp new limit from the subscriber
 * @param filterIn new filter for packets from the subscriber; an empty text takes the filter away
 * @param filterOut new filter for packets to the subscriber; an empty text takes the filter away
 * @param sessionTimeout new time limit, counted from now (RFC 5176 section 3.6: from receipt of the request)
 * @param idleTimeout new idle limit
 * @param interimInterval new interval of interim records
 * @param pool new pool, for the next address
 * @param ipv6Pool new pool for the prefix of the link, which changes at once
 * @param delegatedPool new pool for the delegated prefix, which changes at once
 * @param classes new Class attributes, empty list: unchanged
 * @param line walled garden and the like
 * @param terminationAction what is done when the time is over
 */
public record ProfileChange(Optional<RateLimit> rateDown, Optional<RateLimit> rateUp, Optional<String> filterIn,
        Optional<String> filterOut, Optional<Duration> sessionTimeout, Optional<Duration> idleTimeout,
        Optional<Duration> interimInterval, Optional<String> pool, Optional<String> ipv6Pool,
        Optional<String> delegatedPool, List<byte[]> classes, LineRules line,
        Optional<TerminationAction> terminationAction) {
    /** Copies the list. */
    public ProfileChange {
        classes = List.copyOf(classes);
    }

    /** A change that leaves the line's rules. */
    public ProfileChange(Optional<RateLimit> rateDown, Optional<RateLimit> rateUp, Optional<String> filterIn,
            Optional<String> filterOut, Optional<Duration> sessionTimeout, Optional<Duration> idleTimeout,
            Optional<Duration> interimInterval, Optional<String> pool, Optional<String> ipv6Pool,
            Optional<String> delegatedPool, List<byte[]> classes) {
        this(rateDown, rateUp, filterIn, filterOut, sessionTimeout, idleTimeout, interimInterval, pool, ipv6Pool,
                delegatedPool, classes, LineRules.NONE, Optional.empty());
    }

    /** A change of the line's rules alone. */
    public static ProfileChange of(LineRules line) {
        return new ProfileChange(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), List.of(), line, Optional.empty());
    }

    /** Whether nothing is to change. */
    public boolean isEmpty() {
        return rateDown.isEmpty() && rateUp.isEmpty() && filterIn.isEmpty() && filterOut.isEmpty()
                && sessionTimeout.isEmpty() && idleTimeout.isEmpty() && interimInterval.isEmpty() && pool.isEmpty()
                && !renumbers() && classes.isEmpty() && line.equals(LineRules.NONE)
                && terminationAction.isEmpty();
    }

    /** Whether the session gets other IPv6 prefixes. */
    public boolean renumbers() {
        return ipv6Pool.isPresent() || delegatedPool.isPresent();
    }

    /** The profile with this change made. */
    public Profile applyTo(Profile profile) {
        ProfileBuilder changed = profile.toBuilder();
        rateDown.ifPresent(changed::rateDown);
        rateUp.ifPresent(changed::rateUp);
        filterIn.ifPresent(changed::filterIn);
        filterOut.ifPresent(changed::filterOut);
        sessionTimeout.ifPresent(changed::sessionTimeout);
        idleTimeout.ifPresent(changed::idleTimeout);
        interimInterval.ifPresent(changed::interimInterval);
        terminationAction.ifPresent(changed::terminateAfterTimeout);
        pool.ifPresent(changed::pool);
        ipv6Pool.ifPresent(changed::ipv6Pool);
        delegatedPool.ifPresent(changed::delegatedPool);
        if (!classes.isEmpty()) {
            changed.classes(classes);
        }
        return changed.line(line).build();
    }
}

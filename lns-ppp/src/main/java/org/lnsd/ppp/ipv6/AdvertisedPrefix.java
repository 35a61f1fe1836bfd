package org.lnsd.ppp.ipv6;

/**
 * A prefix of a router advertisement (RFC 4861 section 4.6.2).
 *
 * @param prefix what is advertised; 64 bits where {@code autonomous}
 * @param preferredSeconds the preferred lifetime, at most the valid one
 * @param validSeconds the valid lifetime; 0xffffffff is for ever
 * @param onLink the L flag
 * @param autonomous the A flag: addresses may be formed from it (RFC 4862)
 */
public record AdvertisedPrefix(Ipv6Prefix prefix, long preferredSeconds, long validSeconds, boolean onLink,
        boolean autonomous) {
    /** Checks the lifetimes. */
    public AdvertisedPrefix {
        if (preferredSeconds > validSeconds || preferredSeconds < 0 || validSeconds > 0xffff_ffffL) {
            throw new IllegalArgumentException(
                    "preferred lifetime " + preferredSeconds + " s, valid lifetime " + validSeconds
                            + " s, expected 0 <= preferred <= valid <= 4294967295");
        }
    }

    AdvertisedPrefix deprecated() { return new AdvertisedPrefix(prefix, 0, 0, onLink, autonomous); }
}

package org.lnsd.l2tp.message;

import org.jspecify.annotations.Nullable;

/** The numeric access line attributes of the DSL Forum, numbered alike in L2TP (RFC 5515 section 5) and RADIUS (RFC 4679). */
public enum AccessLineAttribute {
    ACTUAL_DATA_RATE_UPSTREAM(129),
    ACTUAL_DATA_RATE_DOWNSTREAM(130),
    MINIMUM_DATA_RATE_UPSTREAM(131),
    MINIMUM_DATA_RATE_DOWNSTREAM(132),
    ATTAINABLE_DATA_RATE_UPSTREAM(133),
    ATTAINABLE_DATA_RATE_DOWNSTREAM(134),
    MAXIMUM_DATA_RATE_UPSTREAM(135),
    MAXIMUM_DATA_RATE_DOWNSTREAM(136),
    MINIMUM_DATA_RATE_UPSTREAM_LOW_POWER(137),
    MINIMUM_DATA_RATE_DOWNSTREAM_LOW_POWER(138),
    MAXIMUM_INTERLEAVING_DELAY_UPSTREAM(139),
    ACTUAL_INTERLEAVING_DELAY_UPSTREAM(140),
    MAXIMUM_INTERLEAVING_DELAY_DOWNSTREAM(141),
    ACTUAL_INTERLEAVING_DELAY_DOWNSTREAM(142),
    ACCESS_LINE_TYPE(145);

    private final int attributeType;

    AccessLineAttribute(int attributeType) { this.attributeType = attributeType; }

    /** The attribute number, the same in L2TP and in RADIUS. */
    public int attributeType() { return attributeType; }

    /** The attribute of a number, null when it is none of these. */
    public static @Nullable AccessLineAttribute of(int attributeType) {
        if (attributeType >= 129 && attributeType <= 142) {
            return TABLE[attributeType - 129];
        }
        return attributeType == 145 ? ACCESS_LINE_TYPE : null;
    }

    private static final AccessLineAttribute[] TABLE = values();
}

package org.lnsd.radius.client;

/** How a server is chosen among those that live. */
public enum ServerPolicy {
    /** The first in order. */
    ORDERED,
    /** Each in turn, as often as its weight says. */
    ROUND_ROBIN,
    /** The one with the fewest unanswered requests for its weight. */
    LEAST_LOADED
}

package org.lnsd.daemon.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What {@code [ppp]} says of lines beside their negotiation.
 *
 * @param idle           whose packets keep a session from being idle
 * @param missingFilter  what happens when a subscriber is to have a filter that does not exist
 * @param rateDown       limit towards each subscriber where authentication says nothing; empty: none
 * @param rateUp         limit from each subscriber where authentication says nothing; empty: none
 * @param burstDown      how long a silence of a limited line is made up for, towards the subscriber
 * @param burstUp        how long a silence of a limited line is made up for, from the subscriber
 * @param gardenOnReject the garden for subscribers whom authentication refuses; empty: they are hung up
 * @param onVolumeLimit  what becomes of a session whose volume is used up
 */
public record LineDefaults(IdleTraffic idle, MissingFilter missingFilter, Optional<LineRate> rateDown,
        Optional<LineRate> rateUp, Duration burstDown, Duration burstUp, Optional<String> gardenOnReject,
        VolumeAction onVolumeLimit) {}

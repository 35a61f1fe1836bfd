package org.lnsd.daemon.config;

/**
 * A value and where it stands.
 *
 * @param value the value
 * @param place where
 * @param <T> of what type
 */
record Located<T>(T value, Place place) {}

package org.lnsd.daemon.config;

/**
 * How a TOML value becomes what a record holds.
 *
 * @param <T> what the record holds
 */
interface ValueType<T> {

    /**
     * The value.
     *
     * @param raw a String, Long, Double, Boolean, TomlArray or TomlTable
     * @param place where it stands, for errors that are noted while the rest is read on
     * @throws BadValue when it cannot be taken at all
     */
    T read(Object raw, Place place) throws BadValue;

    /** What stands in for a value after an error, never used to run with. */
    T placeholder();

    /** What is expected, for people: {@code a duration such as "60s"}. */
    String description();

    /** Whether the value must not be shown. */
    default boolean isSecret() { return false; }
}

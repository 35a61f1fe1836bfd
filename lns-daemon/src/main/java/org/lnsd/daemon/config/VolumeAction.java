package org.lnsd.daemon.config;

/** What becomes of a session whose volume is used up. */
public sealed interface VolumeAction {

    /** It ends. */
    record Disconnect() implements VolumeAction {}

    /** It goes into a walled garden. */
    record Garden(String name) implements VolumeAction {}

    /** It goes on at a rate, both ways. */
    record Slow(LineRate rate) implements VolumeAction {}
}

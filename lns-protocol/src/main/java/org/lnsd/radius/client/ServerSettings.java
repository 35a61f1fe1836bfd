package org.lnsd.radius.client;

/**
 * One server of a group.
 *
 * @param name what logs and counters call it
 * @param secret the shared secret; nobody changes the array
 * @param weight share with the policies that balance, at least 1
 * @param maximumInFlight most unanswered requests at a time
 * @param stream whether it is reached over a connection (RFC 6614): nothing is sent twice over it, and only while it is connected
 * @param statusServer whether it is probed with Status-Server while it is dead
 * @param stripRealm whether it is told User-Name without the realm
 */
@SuppressWarnings("ArrayRecordComponent")
public record ServerSettings(String name, byte[] secret, int weight, int maximumInFlight, boolean stream,
        boolean statusServer, boolean stripRealm) {
    /** Checks the numbers. */
    public ServerSettings {
        if (weight < 1 || maximumInFlight < 1) {
            throw new IllegalArgumentException(
                    "weight " + weight + " and in-flight limit " + maximumInFlight + " of server " + name
                            + ", at least 1 expected");
        }
    }

    /** Never shows the secret. */
    @Override
    public String toString() { return name; }
}

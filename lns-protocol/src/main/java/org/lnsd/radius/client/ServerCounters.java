package org.lnsd.radius.client;

/** What {@link ServerStatistics} tells of one server, as it is counted. Outlives the client that asks the server. */
final class ServerCounters {
    long requests;
    long retransmissions;
    long accepts;
    long rejects;
    long challenges;
    long malformed;
    long badAuthenticators;
    long missingAuthenticators;
    long timeouts;
    long unknownTypes;
    long packetsDropped;
    long roundTripNs;
    long probes;

    ServerStatistics statistics(String name, boolean alive, int pending) {
        return new ServerStatistics(name, alive, requests, retransmissions, accepts, rejects, challenges, malformed,
                badAuthenticators, missingAuthenticators, pending, timeouts, unknownTypes, packetsDropped, roundTripNs,
                probes);
    }
}

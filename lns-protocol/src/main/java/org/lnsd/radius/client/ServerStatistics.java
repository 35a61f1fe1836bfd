package org.lnsd.radius.client;

/**
 * The counters of one server since the start, with the meaning of the objects of RFC 4668 and RFC 4670.
 *
 * @param name the server's name
 * @param alive whether it is thought to answer
 * @param requests requests sent, without retransmissions
 * @param retransmissions requests sent again
 * @param accepts Access-Accepts, or Accounting-Responses
 * @param rejects Access-Rejects
 * @param challenges Access-Challenges
 * @param malformed answers that were no RADIUS packets
 * @param badAuthenticators answers with a wrong Response or Message-Authenticator
 * @param missingAuthenticators answers without a Message-Authenticator where one is required
 * @param pending requests that wait for an answer
 * @param timeouts waits for an answer that ended without one
 * @param unknownTypes answers of a code that does not answer the request
 * @param packetsDropped answers dropped for another reason, such as duplicates
 * @param roundTripNs time from the latest request to its answer, 0 before the first
 * @param probes Status-Server requests sent
 */
public record ServerStatistics(String name, boolean alive, long requests, long retransmissions, long accepts,
        long rejects, long challenges, long malformed, long badAuthenticators, long missingAuthenticators, int pending,
        long timeouts, long unknownTypes, long packetsDropped, long roundTripNs, long probes) {}

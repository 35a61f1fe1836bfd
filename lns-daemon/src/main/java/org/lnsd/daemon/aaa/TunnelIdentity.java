package org.lnsd.daemon.aaa;

/**
 * The tunnel a session came through, as the Tunnel-* attributes of RFC 2868 and RFC 2867 tell it.
 *
 * @param clientEndpoint address of the LAC, as text (Tunnel-Client-Endpoint)
 * @param serverEndpoint our address, as text (Tunnel-Server-Endpoint)
 * @param clientAuthId Host Name of the LAC (Tunnel-Client-Auth-ID)
 * @param serverAuthId our Host Name (Tunnel-Server-Auth-ID)
 * @param assignmentId name of the configured peer (Tunnel-Assignment-ID)
 */
public record TunnelIdentity(String clientEndpoint, String serverEndpoint, String clientAuthId, String serverAuthId,
        String assignmentId) {
    /** A session that came through no tunnel. */
    public static final TunnelIdentity NONE = new TunnelIdentity("", "", "", "", "");
}

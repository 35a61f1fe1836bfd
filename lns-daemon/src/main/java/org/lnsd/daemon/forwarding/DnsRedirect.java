package org.lnsd.daemon.forwarding;

import java.net.Inet4Address;
import java.util.List;

/**
 * Whose name servers a line asks instead of the ones that it was told, which it keeps until IPCP is negotiated anew (RFC 1877).
 *
 * @param told    what the line was told; the first is replaced by the first, the second by the second
 * @param servers who answers instead; at least one
 * @param any     also for servers that the line was not told
 */
public record DnsRedirect(List<Inet4Address> told, List<Inet4Address> servers, boolean any) {}

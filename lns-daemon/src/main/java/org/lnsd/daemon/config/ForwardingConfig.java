package org.lnsd.daemon.config;

/**
 * The table {@code [forwarding]}.
 *
 * @param threads forwarding threads; 0: one a core
 * @param sourceCheck only the session's own addresses and routes may be a source (BCP 38)
 * @param mssClamp whether the MSS of TCP connections is lowered to the link's MTU
 * @param socketBufferBytes size of the tunnel sockets' receive buffers
 * @param offloads which of the kernel's offloads are used
 */
public record ForwardingConfig(int threads, boolean sourceCheck, boolean mssClamp, int socketBufferBytes,
        OffloadsConfig offloads) {}

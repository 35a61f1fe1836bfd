package org.lnsd.radius.client;

import io.netty.buffer.ByteBuf;

/**
 * A packet to be sent.
 *
 * @param server which server of the group
 * @param socket from which source port of those used with this server, from 0 on; opened when first used
 * @param packet the packet; whoever polled it owns it
 */
public record RadiusTransmit(int server, int socket, ByteBuf packet) {}

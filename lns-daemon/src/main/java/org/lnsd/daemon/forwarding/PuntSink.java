package org.lnsd.daemon.forwarding;

import io.netty.buffer.ByteBuf;

/** Takes what is not forwarded: PPP control frames, link-local IPv6 (router solicitations, DHCPv6). */
@FunctionalInterface
public interface PuntSink {
    /** Called on the control loop. Borrows the frame; it begins with FF 03 or with the protocol field, as it came. */
    void onFrame(int row, ByteBuf pppFrame, long nowNs);

    /** Called on the control loop with an IP packet for a subscriber whose row is a link of a bundle. Borrows it. */
    default void onPacket(int row, ByteBuf ipPacket, long nowNs) {}
}

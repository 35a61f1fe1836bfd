package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.lnsd.daemon.net.IpPrefix;
import org.jspecify.annotations.Nullable;

/** Stands in while a link has no IPv6. */
final class NoLinkServices implements LinkServices {

    @Override
    public void onPacket(ByteBuf ipv6Packet, long nowNs) {
        // IPv6 is not up: nobody is addressed
    }

    @Override
    public void onTimeout(long nowNs) {
        // never armed
    }

    @Override
    public void update(SessionSettings settings, SessionGrant grant, long nowNs) {
        // nothing is advertised
    }

    @Override
    public long nextDeadlineNs() { return Long.MAX_VALUE; }

    @Override
    public @Nullable ByteBuf pollTransmit() { return null; }

    @Override
    public List<IpPrefix> leased() { return List.of(); }

    @Override
    public long dropped() { return 0; }

    @Override
    public void close() {
        // holds nothing
    }
}

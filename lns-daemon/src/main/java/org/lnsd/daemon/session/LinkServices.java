package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.lnsd.daemon.net.IpPrefix;
import org.jspecify.annotations.Nullable;

/** What a link offers its subscriber above IPv6CP: router advertisements and DHCPv6. One session's, one thread. */
public interface LinkServices {

    /** Borrows an IPv6 packet that the forwarding did not forward. */
    void onPacket(ByteBuf ipv6Packet, long nowNs);

    /** Does what is due. */
    void onTimeout(long nowNs);

    /** Returns when {@link #onTimeout} is to be called, or Long.MAX_VALUE. */
    long nextDeadlineNs();

    /** Takes what the session was granted anew: advertised at once; what it no longer has is deprecated. */
    void update(SessionSettings settings, SessionGrant grant, long nowNs);

    /** Returns an owned IPv6 packet for the subscriber, or null. */
    @Nullable
    ByteBuf pollTransmit();

    /** Returns the delegated prefixes and addresses that are leased now: they are routed as long as they are here. */
    List<IpPrefix> leased();

    /** Returns how many packets were malformed, invalid or over the rate. */
    long dropped();

    /** Releases what was not sent; nothing is called after it. */
    void close();

    /** Services that do nothing and lease nothing. */
    LinkServices NONE = new NoLinkServices();
}

package org.lnsd.lac;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.lnsd.daemon.net.IpPrefix;

/** What a subscriber's router does above IPv6CP: an address from the router advertisement, a prefix by DHCPv6. */
final class SubscriberIpv6 {

    SubscriberIpv6(Subscriber subscriber, Emulator emulator, long localInterfaceId) {}

    void start(long nowNs) {}

    boolean onFrame(ByteBuf pppFrame, long nowNs) { return false; }

    void onTimeout(long nowNs) {}

    long nextDeadlineNs() { return Long.MAX_VALUE; }

    boolean complete() { return true; }

    List<IpPrefix> prefixes() { return List.of(); }

    String addressText() { return ""; }

    String delegatedText() { return ""; }

    void close() {}
}

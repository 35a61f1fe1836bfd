package org.lnsd.daemon.forwarding;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** Takes L2TP control messages (T bit set) of every tunnel socket. */
@FunctionalInterface
public interface ControlSink {
    /** Called on the control loop. Borrows the datagram. {@code local} is the address that the peer sent it to. */
    void onControl(InetSocketAddress local, InetSocketAddress peer, ByteBuf datagram, long nowNs);
}

package org.lnsd.daemon.metrics;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import java.util.concurrent.TimeUnit;

/** On the listening socket: when there is no descriptor for a connection, it waits a moment and accepts again. */
final class HttpListenerGuard extends ChannelInboundHandlerAdapter {

    private static final int PAUSE_MS = 200;

    private final AcceptFailures failures;

    HttpListenerGuard(AcceptFailures failures) { this.failures = failures; }

    // Not passed on: the acceptor behind would wait, too, and have Netty log each failure.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failures.failed(cause);
        Channel listener = context.channel();
        listener.config().setAutoRead(false);
        var _ = listener.eventLoop().schedule(() -> listener.config().setAutoRead(true), PAUSE_MS,
                TimeUnit.MILLISECONDS);
    }
}

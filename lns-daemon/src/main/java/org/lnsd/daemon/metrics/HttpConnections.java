package org.lnsd.daemon.metrics;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Bounds what clients of the HTTP port may hold: a connection that asks nothing whole for a while is closed, however slowly it goes on
 * sending; when there are too many, the one that asked longest ago makes room; and one that asks again without reading its answers goes.
 * Only used on the thread of the HTTP port, but for {@link #collect}.
 */
@Sharable
final class HttpConnections extends ChannelInboundHandlerAdapter implements MetricSource {

    private final int maximum;
    private final long patienceMs;
    private final LongAdder closed = new LongAdder();
    /** Connections with the task that closes each, the one that asked longest ago first. */
    private final Map<Channel, Future<?>> connections = new LinkedHashMap<>();

    HttpConnections(int maximum, long patienceMs) {
        this.maximum = maximum;
        this.patienceMs = patienceMs;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        if (connections.size() >= maximum) {
            close(connections.keySet().iterator().next());
        }
        asked(context.channel());
        super.channelActive(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        forget(context.channel());
        super.channelInactive(context);
    }

    /** A whole request has come, the decoder being before this handler. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object request) throws Exception {
        if (!context.channel().isWritable()) {
            ReferenceCountUtil.release(request);
            close(context.channel());
            return;
        }
        asked(context.channel());
        super.channelRead(context, request);
    }

    private void asked(Channel connection) {
        forget(connection);
        connections.put(connection, connection.eventLoop().schedule(() -> close(connection), patienceMs,
                TimeUnit.MILLISECONDS));
    }

    private void close(Channel connection) {
        forget(connection);
        if (connection.isOpen()) { // what comes of a request that its end cuts off is seen here, too
            closed.increment();
            var _ = connection.close();
        }
    }

    private void forget(Channel connection) {
        Future<?> deadline = connections.remove(connection);
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void collect(Consumer<Metric> into) {
        into.accept(Metric.counter("lnsd_http_connections_closed",
                "HTTP connections closed for asking nothing, for not reading, or to make room.", closed.sum()));
    }
}

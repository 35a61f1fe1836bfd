package org.lnsd.daemon.metrics;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;

import org.lnsd.daemon.control.Node;
import org.lnsd.daemon.net.IpAddresses;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Serves {@code /metrics}, {@code /healthz} and the status page over HTTP, on a thread of its own. */
public final class MetricsServer implements AutoCloseable {

    private static final int MAXIMUM_REQUEST_BYTES = 16_384;
    private static final int MAXIMUM_CONNECTIONS = 32;
    private static final int PATIENCE_MS = 60_000;

    private final EventLoopGroup group;
    private final Channel listener;

    private MetricsServer(EventLoopGroup group, Channel listener) {
        this.group = group;
        this.listener = listener;
    }

    /**
     * Opens the port and serves it.
     *
     * @throws IOException naming the address and what would mend it
     */
    public static MetricsServer start(InetSocketAddress listen, MetricRegistry registry, Node node) throws IOException {
        HttpConnections connections = new HttpConnections(MAXIMUM_CONNECTIONS, PATIENCE_MS);
        return start(listen, registry, node, connections);
    }

    static MetricsServer start(InetSocketAddress listen, MetricRegistry registry, Node node,
            HttpConnections connections) throws IOException {
        AcceptFailures failures = new AcceptFailures("metrics");
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("lnsd-http", true),
                EpollIoHandler.newFactory());
        PageHandler pages = new PageHandler(registry, node);
        ChannelFuture bound = new ServerBootstrap().group(group).channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 64)
                .option(ChannelOption.SO_REUSEADDR, true).handler(new HttpListenerGuard(failures))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        ChannelPipeline pipeline = channel.pipeline();
                        pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(MAXIMUM_REQUEST_BYTES),
                                connections, pages);
                    }
                }).bind(listen).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException("metrics address " + IpAddresses.format(listen) + ": " + bound.cause().getMessage()
                    + "; choose another ([metrics] listen) or stop what uses it", bound.cause());
        }
        registry.register(failures);
        registry.register(connections);
        return new MetricsServer(group, bound.channel());
    }

    /** Where it listens, with the port that the kernel chose for port 0. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    @Override
    public void close() {
        listener.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}

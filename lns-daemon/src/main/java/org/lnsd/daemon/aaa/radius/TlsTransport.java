package org.lnsd.daemon.aaa.radius;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.lnsd.radius.RadiusPacket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * One TLS connection to one server (RFC 6614), over which up to 256 requests are under way. Opened at once and again when it breaks, with
 * the certificates as they are on disk then.
 */
final class TlsTransport implements ServerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(TlsTransport.class);
    private static final long RETRY_FIRST_MS = 500;
    private static final long RETRY_LAST_MS = 30_000;
    private static final int CONNECT_TIMEOUT_MS = 5_000;

    private final int server;
    private final EventLoop loop;
    private final ServerEndpoint endpoint;
    private final Optional<InetAddress> source;
    private final Listener listener;
    private final TlsContexts contexts;
    private @Nullable Channel connection;
    private boolean ready;
    private boolean closed;
    private long retryMs = RETRY_FIRST_MS;

    TlsTransport(int server, EventLoop loop, ServerEndpoint endpoint, Optional<InetAddress> source, Listener listener) {
        this.server = server;
        this.loop = loop;
        this.endpoint = endpoint;
        this.source = source;
        this.listener = listener;
        this.contexts = new TlsContexts(endpoint.tls().orElseThrow());
        loop.execute(this::connect);
    }

    @Override
    public void send(int socket, ByteBuf packet) {
        if (connection == null || !ready) {
            packet.release();
            return;
        }
        ChannelFuture _ = connection.write(packet, connection.voidPromise());
    }

    @Override
    public void flush() {
        if (connection != null) {
            connection.flush();
        }
    }

    @Override
    public void close() {
        closed = true;
        if (connection != null) {
            ChannelFuture _ = connection.close();
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        Optional<SslHandler> tls = contexts.newHandler(endpoint.address());
        if (tls.isEmpty()) {
            retry();
            return;
        }
        Bootstrap bootstrap = new Bootstrap().group(loop).channel(EpollSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true)
                .handler(new Initializer(tls.get()));
        ChannelFuture connecting = source.isPresent()
                ? bootstrap.connect(endpoint.address(), new InetSocketAddress(source.get(), 0))
                : bootstrap.connect(endpoint.address());
        connecting.addListener(_ -> {
            if (!connecting.isSuccess()) { // without a free descriptor told on another thread
                LoopTask.soon(loop, "radsec-connect", () -> {
                    tellFailure(connecting.cause());
                    retry();
                });
            }
        });
    }

    private void tellFailure(@Nullable Throwable cause) {
        LOG.warn("radsec-connect-failed server={} cause=\"{}\" retry-ms={}", endpoint.settings().name(),
                TlsContexts.explain(cause), retryMs);
    }

    private void retry() {
        if (!closed) {
            LoopTask.after(loop, retryMs, TimeUnit.MILLISECONDS, "radsec-connect", this::connect);
            retryMs = Math.min(retryMs * 2, RETRY_LAST_MS);
        }
    }

    private final class Initializer extends ChannelInitializer<Channel> {
        private final SslHandler tls;

        Initializer(SslHandler tls) { this.tls = tls; }

        @Override
        protected void initChannel(Channel channel) {
            // RFC 6614 section 2.3: packets as they are, one after the other, told apart by their length.
            channel.pipeline().addLast(tls).addLast(
                    new LengthFieldBasedFrameDecoder(RadiusPacket.MAXIMUM_BYTES, 2, 2, -4, 0)).addLast(new Handler());
        }
    }

    private final class Handler extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    LOG.info("radsec-connected server={}", endpoint.settings().name());
                    connection = context.channel();
                    ready = true;
                    retryMs = RETRY_FIRST_MS;
                    listener.onConnected(server);
                } else {
                    tellFailure(handshake.cause());
                }
            }
            super.userEventTriggered(context, event);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf packet) {
            listener.onDatagram(server, 0, packet);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (ready && context.channel().equals(connection)) {
                ready = false;
                connection = null;
                LOG.warn("radsec-disconnected server={}", endpoint.settings().name());
                listener.onDisconnected(server);
            }
            retry();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (ready) {
                LOG.warn("radsec-error server={} cause=\"{}\"", endpoint.settings().name(), TlsContexts.explain(cause));
            }
            ChannelFuture _ = context.close();
        }
    }
}

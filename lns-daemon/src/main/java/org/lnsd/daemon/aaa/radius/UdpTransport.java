package org.lnsd.daemon.aaa.radius;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.lnsd.radius.RadiusPacket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;

/** Connected UDP sockets to one server, a new one when the machine first uses its number. The kernel drops what comes from elsewhere. */
final class UdpTransport implements ServerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(UdpTransport.class);
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int ANSWERS_PER_TURN = 32;

    private final int server;
    private final EventLoop loop;
    private final InetSocketAddress remote;
    private final Optional<InetAddress> source;
    private final Listener listener;
    private final List<ChannelFuture> sockets = new ArrayList<>();

    UdpTransport(int server, EventLoop loop, InetSocketAddress remote, Optional<InetAddress> source,
            Listener listener) {
        this.server = server;
        this.loop = loop;
        this.remote = remote;
        this.source = source;
        this.listener = listener;
    }

    @Override
    public void send(int socket, ByteBuf packet) {
        while (sockets.size() <= socket) {
            sockets.add(open(sockets.size()));
        }
        ChannelFuture opened = sockets.get(socket);
        if (opened.isSuccess()) {
            Channel channel = opened.channel();
            ChannelFuture _ = channel.write(packet, channel.voidPromise());
        } else if (opened.isDone()) {
            packet.release();
            sockets.set(socket, open(socket));
        } else {
            opened.addListener(_ -> sendLate(opened, packet));
        }
    }

    private static void sendLate(ChannelFuture opened, ByteBuf packet) {
        if (opened.isSuccess()) {
            Channel channel = opened.channel();
            ChannelFuture _ = channel.writeAndFlush(packet, channel.voidPromise());
        } else {
            packet.release();
        }
    }

    @Override
    public void flush() {
        for (ChannelFuture socket : sockets) {
            if (socket.isSuccess()) {
                socket.channel().flush();
            }
        }
    }

    @Override
    public void close() {
        for (ChannelFuture socket : sockets) {
            ChannelFuture _ = socket.channel().close();
        }
        sockets.clear();
    }

    private ChannelFuture open(int socket) {
        Bootstrap bootstrap = new Bootstrap().group(loop).channel(EpollDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, BUFFER_BYTES)
                .option(ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(RadiusPacket.MAXIMUM_BYTES).maxMessagesPerRead(ANSWERS_PER_TURN))
                .handler(new Handler(socket));
        ChannelFuture opened = source.isPresent()
                ? bootstrap.connect(remote, new InetSocketAddress(source.get(), 0))
                : bootstrap.connect(remote);
        opened.addListener(_ -> {
            if (!opened.isSuccess()) {
                LOG.warn("radius-socket-failed server={} cause={}", remote, String.valueOf(opened.cause()));
            }
        });
        return opened;
    }

    private final class Handler extends SimpleChannelInboundHandler<DatagramPacket> {
        private final int socket;

        Handler(int socket) { this.socket = socket; }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
            listener.onDatagram(server, socket, datagram.content());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof PortUnreachableException || isRefusal(cause)) {
                listener.onUnreachable(server);
            } else {
                LOG.warn("radius-socket-error server={} cause={}", remote, String.valueOf(cause));
            }
        }

        /** The kernel tells of an ICMP port unreachable with whatever comes first, the next read or the next send. */
        private static boolean isRefusal(Throwable cause) {
            return cause instanceof Errors.NativeIoException failed
                    && failed.expectedErr() == Errors.ERROR_ECONNREFUSED_NEGATIVE;
        }
    }
}

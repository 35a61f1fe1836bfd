package org.lnsd.daemon.aaa.radius;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult.ErrorCause;
import org.lnsd.daemon.aaa.DynamicAuthorizationTarget;
import org.lnsd.daemon.aaa.radius.DynamicAuthorizationStatistics.Counter;
import org.lnsd.daemon.config.DynamicAuthorizationConfig;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;
import org.lnsd.radius.RadiusCode;
import org.lnsd.radius.RadiusCrypto;
import org.lnsd.radius.RadiusCrypto.MessageAuthenticatorCheck;
import org.lnsd.radius.RadiusDecoded;
import org.lnsd.radius.RadiusDecoder;
import org.lnsd.radius.RadiusEncoder;
import org.lnsd.radius.RadiusPacket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * Listens for Disconnect- and CoA-Requests (RFC 5176) on a thread of its own. What is not from a listed source with the right secret, in
 * time and new, is dropped and counted; a request sent again from the same port gets the same answer and has no second effect.
 */
public final class DynamicAuthorizationServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicAuthorizationServer.class);
    private static final int REMEMBERED_REQUESTS = 16_384;
    /** Requests that the sessions' loop has not answered yet; more are refused. */
    static final int MOST_UNDER_WAY = 1024;

    /** Room for a flood to pass by, as far as the kernel allows it (net.core.rmem_max). */
    static final int BUFFER_BYTES = 4 << 20;
    /** Datagrams of one call. */
    private static final int READ_TOGETHER = 32;

    private static final class Seen {
        final InetSocketAddress source;
        byte @Nullable [] answer;

        Seen(InetSocketAddress source) { this.source = source; }
    }

    private final DynamicAuthorizationConfig config;
    private final byte[] secret;
    private final NasIdentity nas;
    private final DynamicAuthorizationTarget target;
    private final MultiThreadIoEventLoopGroup threads;
    private final Channel channel;
    private final ProfileReader profiles = new ProfileReader();
    private final RadiusCrypto crypto = new RadiusCrypto();
    private final RadiusEncoder encoder = new RadiusEncoder(crypto);
    private final DynamicAuthorizationStatistics statistics = new DynamicAuthorizationStatistics();
    private int underWay;
    private final Map<String, Seen> seen = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) { return size() > REMEMBERED_REQUESTS; }
    };

    /**
     * Listens.
     *
     * @param config the table {@code [radius.dynamic-authorization]}
     * @param nas who we are: requests that name another node are refused
     * @param target carries the requests out
     * @throws IllegalStateException when the address cannot be listened on; its cause says why
     */
    public DynamicAuthorizationServer(DynamicAuthorizationConfig config, NasIdentity nas,
            DynamicAuthorizationTarget target) {
        this.config = config;
        this.secret = config.secret().bytes();
        this.nas = nas;
        this.target = target;
        this.threads = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("radius-coa", true),
                EpollIoHandler.newFactory());
        ChannelFuture bound = new Bootstrap().group(threads).channel(EpollDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, BUFFER_BYTES)
                .option(ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(READ_TOGETHER * RadiusPacket.MAXIMUM_BYTES)
                                .maxMessagesPerRead(READ_TOGETHER))
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, RadiusPacket.MAXIMUM_BYTES)
                .handler(new Handler()).bind(config.listen()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close(threads);
            throw new IllegalStateException("cannot listen for dynamic authorisation on "
                    + IpAddresses.format(config.listen()), bound.cause());
        }
        this.channel = bound.channel();
    }

    /** What became of the requests. */
    public DynamicAuthorizationStatistics statistics() { return statistics; }

    /** Where it listens. */
    public InetSocketAddress address() { return (InetSocketAddress) channel.localAddress(); }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly(1000);
        close(threads);
    }

    private static void close(MultiThreadIoEventLoopGroup threads) {
        threads.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).awaitUninterruptibly(1000);
    }

    private final class Handler extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
            onDatagram(datagram.content(), datagram.sender());
        }

        // The boundary for defects of ours: one request fails, the listener stays.
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.error("dynamic-authorization-failed class=bug", cause);
        }
    }

    /** The cheapest check comes first: a flood of what is forged is not decoded. */
    private void onDatagram(ByteBuf datagram, InetSocketAddress source) {
        if (!isClient(source.getAddress())) {
            drop(Counter.FOREIGN_SOURCE, source);
            return;
        }
        int start = datagram.readerIndex();
        int lengthBytes = requestBytes(datagram);
        byte[] zeros = RadiusCrypto.zeroAuthenticator();
        if (lengthBytes == 0) {
            drop(Counter.MALFORMED, source);
        } else if (!crypto.hasDigest(datagram, start, lengthBytes, zeros, secret)) {
            drop(Counter.BAD_AUTHENTICATOR, source);
        } else if (!(RadiusDecoder.decode(datagram) instanceof RadiusDecoded.Packet(RadiusPacket packet, int _))) {
            drop(Counter.MALFORMED, source);
        } else if (!isSigned(crypto.checkMessageAuthenticator(datagram, start, lengthBytes, zeros, secret))) {
            drop(Counter.BAD_MESSAGE_AUTHENTICATOR, source);
        } else if (isStale(packet)) {
            drop(Counter.STALE, source);
        } else {
            onAuthentic(packet, source);
        }
    }

    private boolean isClient(InetAddress source) {
        for (IpPrefix client : config.clients()) {
            if (client.contains(source)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the Length of what has the header of a request, or 0. */
    private static int requestBytes(ByteBuf datagram) {
        int start = datagram.readerIndex();
        int availableBytes = datagram.readableBytes();
        if (availableBytes < RadiusPacket.HEADER_BYTES
                || !isRequest(new RadiusCode(datagram.getUnsignedByte(start)))) {
            return 0;
        }
        int lengthBytes = datagram.getUnsignedShort(start + 2);
        boolean sound = lengthBytes >= RadiusPacket.HEADER_BYTES
                && lengthBytes <= Math.min(availableBytes, RadiusPacket.MAXIMUM_BYTES);
        return sound ? lengthBytes : 0;
    }

    private static boolean isRequest(RadiusCode code) {
        return code.equals(RadiusCode.DISCONNECT_REQUEST) || code.equals(RadiusCode.COA_REQUEST);
    }

    private boolean isSigned(MessageAuthenticatorCheck check) {
        return switch (check) {
            case VALID -> true;
            case INVALID -> false;
            case ABSENT -> !config.requireMessageAuthenticator();
        };
    }

    // RFC 5176 section 6.3
    private boolean isStale(RadiusPacket packet) {
        long nowSeconds = System.currentTimeMillis() / 1000;
        return packet.all(Attributes.EVENT_TIMESTAMP).stream()
                .anyMatch(attribute -> attribute.asUnsigned().isEmpty() || Math
                        .abs(attribute.asUnsigned().getAsLong() - nowSeconds) > config.timestampWindow().toSeconds());
    }

    private void onAuthentic(RadiusPacket packet, InetSocketAddress source) {
        String key = packet.identifier() + " " + HexFormat.of().formatHex(packet.authenticator());
        Seen former = seen.get(key);
        if (former != null) {
            drop(Counter.REPLAYED, source);
            if (former.source.equals(source) && former.answer != null) {
                write(channel.alloc().buffer().writeBytes(former.answer), source);
            }
            return;
        }
        Seen request = new Seen(source);
        if (underWay >= MOST_UNDER_WAY) { // not remembered: sent again later it has its effect
            answer(packet, request, new DynamicAuthorizationResult.Refused(ErrorCause.RESOURCES_UNAVAILABLE));
            return;
        }
        seen.put(key, request);
        switch (DynamicAuthorizationRequest.read(packet, nas, profiles)) {
            case DynamicAuthorizationRequest.Refused(ErrorCause cause) ->
                answer(packet, request, new DynamicAuthorizationResult.Refused(cause));
            case DynamicAuthorizationRequest.Disconnect disconnect -> {
                underWay++;
                target.disconnect(disconnect.selector(), result -> answerOnLoop(packet, request, result));
            }
            case DynamicAuthorizationRequest.Change change -> {
                underWay++;
                target.change(change.selector(), change.change(), result -> answerOnLoop(packet, request, result));
            }
        }
    }

    private void answerOnLoop(RadiusPacket packet, Seen request, DynamicAuthorizationResult result) {
        channel.eventLoop().execute(() -> {
            underWay--;
            answer(packet, request, result);
        });
    }

    private void answer(RadiusPacket packet, Seen request, DynamicAuthorizationResult result) {
        Optional<ErrorCause> cause = result instanceof DynamicAuthorizationResult.Refused refused
                ? Optional.of(refused.cause())
                : Optional.empty();
        statistics.count(cause.isEmpty() ? Counter.ACKNOWLEDGED : Counter.REFUSED);
        LOG.info("dynamic-authorization request={} source={} result={}",
                packet.code().equals(RadiusCode.COA_REQUEST) ? "coa" : "disconnect",
                IpAddresses.format(request.source), cause.map(Enum::name).orElse("done"));
        ByteBuf reply = channel.alloc().buffer();
        // ACK is one more than the request, NAK two.
        RadiusCode code = new RadiusCode(packet.code().number() + (cause.isEmpty() ? 1 : 2));
        encoder.begin(reply, code, packet.identifier(), packet.authenticator());
        encoder.messageAuthenticator();
        cause.ifPresent(
                error -> encoder.attribute(RadiusAttribute.integer(Attributes.ERROR_CAUSE, error.code())));
        // RFC 5176 section 3.1: all of them, in order, unchanged
        encoder.attributes(packet.all(Attributes.PROXY_STATE));
        encoder.endAnswer(packet.authenticator(), secret);
        byte[] octets = new byte[reply.readableBytes()];
        reply.getBytes(reply.readerIndex(), octets);
        request.answer = octets;
        write(reply, request.source);
    }

    private void write(ByteBuf reply, InetSocketAddress to) {
        ChannelFuture _ = channel.writeAndFlush(new DatagramPacket(reply, to));
    }

    private void drop(Counter counter, InetSocketAddress source) {
        statistics.count(counter);
        if (Long.bitCount(statistics.get(counter)) == 1) {
            // Each power of two: a flood stays a few lines.
            LOG.warn("dynamic-authorization-dropped source={} cause={} count={}", IpAddresses.format(source), counter,
                    statistics.get(counter));
        }
    }
}

package org.lnsd.lac;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import org.lnsd.daemon.forwarding.Forwarding;

/**
 * How a run reaches its LNS.
 *
 * @param forwarding carries frames and packets
 * @param local      the address of our end of every tunnel
 * @param addresses  puts subscribers' addresses on the device, if there is one
 */
record LacPlane(Forwarding forwarding, InetSocketAddress local, DeviceAddresses addresses) implements AutoCloseable {

    private static final int DATAGRAM_BYTES = 2048;
    private static final int DATAGRAMS_AT_ONCE = 64;
    private static final int SOCKET_BUFFER_BYTES = 8 << 20;

    static LacPlane open(LacPlan plan, EventLoop eventLoop, Emulator emulator) throws LacRun.Refused {
        InetSocketAddress local = localAddress(plan);
        if (plan.load().tun != null) {
            throw new LacRun.Refused("--tun is not there yet");
        }
        return plain(local, eventLoop, emulator);
    }

    private static LacPlane plain(InetSocketAddress local, EventLoop eventLoop, Emulator emulator)
            throws LacRun.Refused {
        PlainForwarding forwarding = new PlainForwarding(emulator);
        Bootstrap bootstrap = new Bootstrap().group(eventLoop).channel(EpollDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_BYTES)
                .option(ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(DATAGRAM_BYTES * DATAGRAMS_AT_ONCE))
                .handler(new Receiver(forwarding, local));
        var bound = bootstrap.bind(local).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new LacRun.Refused("cannot bind UDP " + local + ": " + bound.cause().getMessage());
        }
        Channel channel = bound.channel();
        forwarding.bind(channel);
        return new LacPlane(forwarding, (InetSocketAddress) channel.localAddress(), DeviceAddresses.NONE);
    }

    @Override
    public void close() { forwarding.close(); }

    /** The address that the kernel would send from, and a free port, where the command line leaves them open. */
    private static InetSocketAddress localAddress(LacPlan plan) throws LacRun.Refused {
        InetSocketAddress given = plan.tunnels().local;
        try (DatagramSocket probe = new DatagramSocket(given == null ? new InetSocketAddress(0) : given)) {
            probe.connect(plan.lns());
            InetAddress address = probe.getLocalAddress();
            return new InetSocketAddress(address, probe.getLocalPort());
        } catch (SocketException refused) {
            throw new LacRun.Refused("cannot send to " + plan.lns() + (given == null ? "" : " from " + given) + ": "
                    + refused.getMessage());
        }
    }

    /** Hands what arrives to the forwarding. */
    private static final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
        private final PlainForwarding forwarding;
        private final InetSocketAddress local;

        Receiver(PlainForwarding forwarding, InetSocketAddress local) {
            this.forwarding = forwarding;
            this.local = local;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            forwarding.onDatagram(local, packet.sender(), packet.content(), System.nanoTime());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // An ICMP error (the LNS is not there) comes as an exception of the socket; retransmission deals with it.
        }
    }
}

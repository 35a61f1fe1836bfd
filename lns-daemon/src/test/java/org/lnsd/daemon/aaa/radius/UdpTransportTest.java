package org.lnsd.daemon.aaa.radius;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;

/** Datagrams to a server and back; one that is not there is told of at once, so that the next one is asked without waiting. */
class UdpTransportTest {

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final AtomicInteger unreachable = new AtomicInteger();
    private final AtomicInteger receivedBytes = new AtomicInteger();

    @AfterEach
    void stop() { group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly(); }

    @Test
    void aRefusalThatComesWithTheNextBatchCountsAsOneThatComesWithARead() throws Exception {
        int closedPort;
        try (DatagramSocket closed = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            closedPort = closed.getLocalPort();
        }
        UdpTransport transport = new UdpTransport(0, loop,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), closedPort), Optional.empty(), listener());
        loop.submit(() -> transport.send(0, Unpooled.wrappedBuffer(new byte[20]))).sync(); // opens the socket
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> unreachable.get() > 0);
        int before = unreachable.get();
        CountDownLatch sent = new CountDownLatch(1);
        loop.execute(() -> {
            for (int packets : new int[]{1, 2}) { // of two in one call the first finds the refusal of the one before
                for (int i = 0; i < packets; i++) {
                    transport.send(0, Unpooled.wrappedBuffer(new byte[20]));
                }
                transport.flush();
            }
            sent.countDown();
        });
        assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> unreachable.get() >= before + 2);
        loop.submit(transport::close).sync();
    }

    // RFC 2865 section 3: a packet has up to 4096 octets.
    @Test
    void anAnswerOfTheGreatestLengthArrivesWhole() throws Exception {
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            peer.setSoTimeout(20_000);
            UdpTransport transport = new UdpTransport(0, loop, (InetSocketAddress) peer.getLocalSocketAddress(),
                    Optional.empty(), listener());
            loop.submit(() -> transport.send(0, Unpooled.wrappedBuffer(new byte[20]))).sync();
            DatagramPacket request = new DatagramPacket(new byte[20], 20);
            peer.receive(request);
            peer.send(new DatagramPacket(new byte[4096], 4096, request.getSocketAddress()));
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> receivedBytes.get() > 0);
            assertThat(receivedBytes).hasValue(4096);
            loop.submit(transport::close).sync();
        }
    }

    private ServerTransport.Listener listener() {
        return new ServerTransport.Listener() {
            @Override
            public void onDatagram(int server, int socket, ByteBuf datagram) {
                receivedBytes.set(datagram.readableBytes());
            }

            @Override
            public void onUnreachable(int server) { unreachable.incrementAndGet(); }

            @Override
            public void onConnected(int server) {
                // UDP knows none
            }

            @Override
            public void onDisconnected(int server) {
                // UDP knows none
            }
        };
    }
}

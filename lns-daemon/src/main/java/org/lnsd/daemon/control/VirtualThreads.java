package org.lnsd.daemon.control;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Virtual threads that wait for sockets need descriptors of the JVM, which it opens once, at the first wait. */
final class VirtualThreads {

    private static final Logger LOG = LoggerFactory.getLogger(VirtualThreads.class);

    private VirtualThreads() {}

    /**
     * Waits for a socket once, while there still are descriptors: were there none at the first wait, no virtual thread of this process
     * could ever wait for one.
     */
    static void prepare() {
        Thread first = Thread.ofVirtual().name("lnsd-first-wait").start(VirtualThreads::await);
        try {
            first.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await() {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            silent.setSoTimeout(1);
            silent.receive(new DatagramPacket(new byte[1], 1));
        } catch (SocketTimeoutException expected) {
            LOG.trace("first-wait-over");
        } catch (IOException failed) {
            LOG.debug("first-wait-failed cause={}", failed.toString());
        }
    }
}

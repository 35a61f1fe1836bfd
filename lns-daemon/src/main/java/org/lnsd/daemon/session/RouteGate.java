package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.lnsd.ppp.frame.FrameHeader;
import org.lnsd.ppp.frame.PppProtocol;

/**
 * Keeps IPCP and IPv6CP frames of a subscriber back until the kernel has its routes, which another thread makes: a network
 * opens by our Ack, and the answer to the packet right behind it must find the way back.
 */
final class RouteGate {
    private final SessionServices services;
    private final SessionNetworks networks;
    private final Consumer<EarlyFrames> opened;
    private EarlyFrames kept = EarlyFrames.NONE;
    private boolean waiting;

    /** {@code opened} gets the frames to judge now, owned. */
    RouteGate(SessionServices services, SessionNetworks networks, Consumer<EarlyFrames> opened) {
        this.services = services;
        this.networks = networks;
        this.opened = opened;
    }

    /** Returns whether the frame has to wait; it is borrowed, and copied then. */
    boolean keeps(ByteBuf frame) {
        if (!waiting && services.routes().areMade(networks.routed()) || !opensNetwork(frame)) {
            return false;
        }
        if (!waiting) {
            waiting = true;
            services.routes().whenMade(this::onRoutesThread);
        }
        kept = kept.with(frame, services.counts());
        return true;
    }

    private static boolean opensNetwork(ByteBuf frame) {
        int protocol = FrameHeader.readProtocol(frame.slice());
        return protocol == PppProtocol.IPCP || protocol == PppProtocol.IPV6CP;
    }

    private void onRoutesThread() {
        try {
            services.loop().execute(this::open);
        } catch (RejectedExecutionException over) {
            services.counts().count("late-route"); // the daemon ends
        }
    }

    private void open() {
        waiting = false;
        EarlyFrames frames = kept;
        kept = EarlyFrames.NONE;
        opened.accept(frames);
    }

    /** The session is over: what waited is dropped. */
    void close() {
        kept.release();
        kept = EarlyFrames.NONE;
    }
}

package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.auth.AuthenticationResult;

/**
 * One end of a PPP link. One thread at a time. After every call drain {@link #pollTransmit} and {@link #pollEvent}, then
 * arm a timer for {@link #nextDeadlineNs}. No method throws on what a peer sent.
 */
public final class PppLink {
    /** Takes frames' memory from {@code allocator}; the settings may be shared by many links. */
    public PppLink(LinkSettings settings, RandomGenerator random, ByteBufAllocator allocator) {}

    /** The lower layer is up: LCP starts. */
    public void start(long nowNs) {}

    /** The lower layer is up and the LAC has negotiated before us: what fits is taken over. */
    public void start(ProxyNegotiation proxy, long nowNs) {}

    /** Borrows a frame, from FF03 or from its protocol field. */
    public void onFrame(ByteBuf frame, long nowNs) {}

    /** Data came from the peer lately: no echo is needed. */
    public void onTrafficSeen(long nowNs) {}

    /** Does what is due. */
    public void onTimeout(long nowNs) {}

    /** Returns when {@link #onTimeout} is to be called, or Long.MAX_VALUE. */
    public long nextDeadlineNs() {
        return Long.MAX_VALUE;
    }

    /** Ends the link politely: Terminate-Request, then {@link LinkEvent.Down}. */
    public void close(String reason, long nowNs) {}

    /** The lower layer is gone: {@link LinkEvent.Down} at once, nothing is sent any more. */
    public void lowerDown(long nowNs) {}

    /** Answers {@link LinkEvent.AuthenticationRequested}. */
    public void authenticationSucceeded(AuthenticationResult.Success success, long nowNs) {}

    /** Answers {@link LinkEvent.AuthenticationRequested}: tells the peer, then ends the link. */
    public void authenticationFailed(String message, long nowNs) {}

    /**
     * Says which network protocols open once the peer is authenticated; before that it is kept. Called again with other
     * settings it renegotiates those that changed.
     */
    public void openNetworks(NetworkSettings networks, long nowNs) {}

    /** Challenges the peer again (CHAP only; nothing happens with PAP or while not authenticated). */
    public void reauthenticate(long nowNs) {}

    /** Returns an owned frame to send to the peer, or null. */
    public @Nullable ByteBuf pollTransmit() { return null; }

    /** Returns the next event, or null. */
    public @Nullable LinkEvent pollEvent() { return null; }

    /** Returns the largest information field that the peer takes, octets. */
    public int peerMru() { return 1500; }

    /** Returns whether data frames to the peer carry FF03. */
    public boolean sendWithAddressControl() { return true; }

    /** Returns whether data frames to the peer may have a one octet protocol field. */
    public boolean sendProtocolCompressed() {
        return false;
    }

    /** Returns the link's state for operators. */
    public LinkView view() {
        return new LinkView("Dead", "Initial", "Initial", "Initial", java.util.Optional.empty());
    }
}

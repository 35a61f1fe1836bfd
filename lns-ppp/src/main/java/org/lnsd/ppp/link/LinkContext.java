package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;

/** What the parts of a link need from it. */
interface LinkContext {
    LinkSettings settings();

    RandomGenerator random();

    /** Returns whether proof by that PPP protocol is outstanding. */
    boolean isAuthenticatingBy(int protocol);

    /** Returns the largest packet that the peer takes in one frame, octets. */
    int peerMru();

    /** Returns the largest packet that the peer takes, in fragments where it agreed to multilink, octets. */
    int peerPacketBytes();

    /** Returns an owned frame with its header written. */
    ByteBuf newFrame(int protocol, int packetBytes);

    /** Takes ownership. */
    void transmit(ByteBuf frame);

    void emit(LinkEvent event);

    /** Authentication is over in both senses of the link's role. */
    void authenticated(long nowNs);

    /** Ends the link for that cause, politely. */
    void fail(DownCause.Reason reason, String text, int protocol, long nowNs);
}

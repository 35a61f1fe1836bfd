package org.lnsd.ppp.fsm;

import io.netty.buffer.ByteBuf;

/** The link that a control protocol belongs to. */
public interface ProtocolHost {
    /** Returns an owned frame with its header written and room for {@code packetBytes}. */
    ByteBuf newFrame(int protocol, int packetBytes);

    /** Takes ownership of a frame to send. */
    void transmit(ByteBuf frame);

    /** Returns the largest packet that the peer takes, octets. */
    int peerMru();

    /** The protocol is open (tlu). */
    void layerUp(ControlProtocol protocol, long nowNs);

    /** The protocol is no longer open (tld). */
    void layerDown(ControlProtocol protocol, Event cause, long nowNs);

    /** The protocol has ended (tlf). */
    void layerFinished(ControlProtocol protocol, Event cause, long nowNs);

    /** Options do not converge; the host is to close. */
    void negotiationFailed(ControlProtocol protocol, long nowNs);

    /**
     * Borrows a packet whose code is above 7, reader index at the code.
     *
     * @return false if the protocol has no such code: a Code-Reject follows
     */
    boolean onOtherCode(ControlProtocol protocol, int code, int id, ByteBuf packet, long nowNs);
}

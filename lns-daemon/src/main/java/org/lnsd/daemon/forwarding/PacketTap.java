package org.lnsd.daemon.forwarding;

/** Sees what a session sends and receives. Called by forwarding threads; must be quick and never throw. */
public interface PacketTap {
    /** An IP packet that went on; the memory is borrowed for the call. */
    void packet(long address, int lengthBytes);
}

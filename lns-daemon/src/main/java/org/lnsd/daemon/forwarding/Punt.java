package org.lnsd.daemon.forwarding;

/** Where a loop hands over what it does not forward. */
interface Punt {
    /** A PPP frame of a session; false if there was no room. */
    boolean frame(int row, long address, int lengthBytes, long nowNs);

    /** An IP packet for a bundle; false if there was no room. */
    default boolean packet(int row, long address, int lengthBytes, long nowNs) {
        return false;
    }

    /** An IP frame of a network that is not up, whose opening Ack may be before it at the control loop; false if it cannot wait for that. */
    default boolean early(int row, long address, int lengthBytes) {
        return false;
    }

    /** An L2TP control message that came as message {@code index} of the loop's receive batch; false if there was no room. */
    boolean control(int index, int socketIndex, long address, int lengthBytes, long nowNs);
}

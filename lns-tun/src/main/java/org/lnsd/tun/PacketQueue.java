package org.lnsd.tun;

/** One queue of a device: IP packets in and out, never waiting. */
public interface PacketQueue {
    /** Reads one packet: its length in bytes, virtio-net header included; 0 if there is none now. */
    int read(long buffer, int lengthBytes);

    /** Writes one packet given as I/O vector, virtio-net header included: 0, or the error number. */
    int write(long iovec, int entries);

    /** Whether packets are preceded by a {@link VirtioNetHeader}. */
    boolean virtioNetHeaders();

    /** Writes one packet whose vector begins with a virtio-net header, which is left out where the device has none. */
    default int writeHeaded(long iovec, int entries) {
        return virtioNetHeaders() ? write(iovec, entries) : write(iovec + 16, entries - 1);
    }
}

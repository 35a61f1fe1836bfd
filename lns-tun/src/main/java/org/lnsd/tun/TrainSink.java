package org.lnsd.tun;

/** Where a {@link Coalescer} writes. The first entry of the I/O vector is the virtio-net header. */
@FunctionalInterface
public interface TrainSink {
    /** Writes one (super-)packet: 0, or the kernel's error number. */
    int write(long iovec, int entries);
}

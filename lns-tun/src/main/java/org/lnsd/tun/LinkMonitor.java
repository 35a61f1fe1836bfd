package org.lnsd.tun;

/** Hears from the kernel (rtnetlink notifications) what becomes of a network interface. Used by one thread. */
public final class LinkMonitor implements AutoCloseable {
    private static final int BUFFER = 64 << 10;
    private static final int ROOM_BYTES = 1 << 20;
    private static final int SOCKADDR_NL_BYTES = 12;
    private static final int RTMGRP_LINK = 0x1;
    private static final int RTMGRP_IPV4_IFADDR = 0x10;
    private static final int RTMGRP_IPV6_IFADDR = 0x100;
    private static final int POLLIN = 1;

    private final int fd;
    private final long block = Memory.map(4096);
    private final long in = Memory.map(BUFFER);

    /**
     * What was heard of an interface.
     *
     * @param wasDown   it was down for a moment at least, or deleted
     * @param addressGone an address was taken off it
     * @param missed    there was more to hear than the socket could hold: anything may have happened
     */
    public record Heard(boolean wasDown, boolean addressGone, boolean missed) {
        static final Heard NOTHING = new Heard(false, false, false);

        /** Both, one after the other. */
        Heard and(Heard next) {
            return new Heard(wasDown || next.wasDown, addressGone || next.addressGone, missed || next.missed);
        }
    }

    /**
     * Hears everything from now on.
     *
     * @throws LinuxException if the kernel refuses
     */
    public LinkMonitor() {
        fd = Linux.check(
                Linux.LIBC.socket(Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC | Linux.SOCK_NONBLOCK, 0),
                "cannot open netlink", "");
        Linux.trySetInt(fd, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, ROOM_BYTES);
        Memory.fill(block, SOCKADDR_NL_BYTES, 0);
        Memory.putShort(block, Linux.AF_NETLINK);
        Memory.putInt(block + 8, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR);
        Linux.check(Linux.LIBC.bind(fd, block, SOCKADDR_NL_BYTES), "cannot listen to netlink notifications", "");
    }

    /** Waits until something is heard, of whatever interface, at most {@code timeoutMs}; says what it was of this one. */
    public Heard await(int interfaceIndex, int timeoutMs) {
        Memory.putInt(block, fd);
        Memory.putInt(block + 4, POLLIN);
        if (Linux.LIBC.poll(block, 1, timeoutMs) <= 0) {
            return Heard.NOTHING;
        }
        Heard heard = Heard.NOTHING;
        long lengthBytes = Linux.LIBC.recv(fd, in, BUFFER, 0);
        while (lengthBytes > 0) {
            heard = heard.and(NetlinkMessages.readNotifications(in, lengthBytes, interfaceIndex));
            lengthBytes = Linux.LIBC.recv(fd, in, BUFFER, 0);
        }
        return Linux.errno() == Linux.ENOBUFS ? heard.and(new Heard(false, false, true)) : heard;
    }

    @Override
    public void close() {
        Linux.LIBC.close(fd);
        Memory.unmap(block);
        Memory.unmap(in);
    }
}

package org.lnsd.tun;

import static org.lnsd.tun.BpfProgram.NEXT;

import org.lnsd.tun.BpfProgram.Label;

/** Hears from the kernel (rtnetlink notifications) what becomes of a network interface. Used by one thread. */
public final class LinkMonitor implements AutoCloseable {
    private static final int BUFFER = 64 << 10;
    private static final int ROOM_BYTES = 1 << 20;
    private static final int SOCKADDR_NL_BYTES = 12;
    private static final int RTMGRP_LINK = 0x1;
    private static final int RTMGRP_IPV4_IFADDR = 0x10;
    private static final int RTMGRP_IPV6_IFADDR = 0x100;
    private static final int RTMGRP_IPV4_ROUTE = 0x40;
    private static final int RTMGRP_IPV6_ROUTE = 0x400;
    private static final int POLLIN = 1;

    private final int fd;
    private final long block = Memory.map(4096);
    private final long in = Memory.map(BUFFER);

    /**
     * What was heard of an interface.
     *
     * @param wasDown   it was down for a moment at least, or deleted
     * @param addressGone an address was taken off it
     * @param routeGone somebody else took one of our routes away
     * @param missed    there was more to hear than the socket could hold: anything may have happened
     */
    public record Heard(boolean wasDown, boolean addressGone, boolean routeGone, boolean missed) {
        static final Heard NOTHING = new Heard(false, false, false, false);

        /** Both, one after the other. */
        Heard and(Heard next) {
            return new Heard(wasDown || next.wasDown, addressGone || next.addressGone,
                    routeGone || next.routeGone, missed || next.missed);
        }
    }

    /**
     * Hears everything from now on.
     *
     * @param ownPort the netlink port that our routes are changed from: what becomes of them by that is no news
     * @throws LinuxException if the kernel refuses
     */
    public LinkMonitor(int ownPort) {
        fd = Linux.check(
                Linux.LIBC.socket(Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC | Linux.SOCK_NONBLOCK, 0),
                "cannot open netlink", "");
        Linux.trySetInt(fd, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, ROOM_BYTES);
        Memory.fill(block, SOCKADDR_NL_BYTES, 0);
        Memory.putShort(block, Linux.AF_NETLINK);
        Memory.putInt(block + 8, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE
                | RTMGRP_IPV6_ROUTE);
        UdpSocket.attach(fd, Linux.SO_ATTACH_FILTER, onlyForeignRemovals(ownPort));
        Linux.check(Linux.LIBC.bind(fd, block, SOCKADDR_NL_BYTES), "cannot listen to netlink notifications", "");
    }

    /**
     * Of routes only those of our protocol that others remove: a router's table may change thousands of times a second, and the kernel
     * keeps the rest to itself. What is not of routes passes. The program reads the octets of a little-endian machine in network order.
     */
    private static BpfProgram onlyForeignRemovals(int ownPort) {
        Label isNoNews = new Label("is no news");
        Label isNews = new Label("is news");
        return new BpfProgram()
                .loadByte(4) // the message's type
                .ifEqual(NetlinkMessages.RTM_NEWROUTE, isNoNews, NEXT)
                .ifEqual(NetlinkMessages.RTM_DELROUTE, NEXT, isNews)
                .loadByte(NetlinkMessages.HEADER_BYTES + 5) // the route's protocol
                .ifEqual(Netlink.ROUTE_PROTOCOL, NEXT, isNoNews)
                .loadWord(12) // whose doing it is
                .ifEqual(Integer.reverseBytes(ownPort), isNoNews, isNews)
                .place(isNoNews).returnValue(0)
                .place(isNews).returnValue(BUFFER);
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
        return Linux.errno() == Linux.ENOBUFS ? heard.and(new Heard(false, false, false, true)) : heard;
    }

    @Override
    public void close() {
        Linux.LIBC.close(fd);
        Memory.unmap(block);
        Memory.unmap(in);
    }
}

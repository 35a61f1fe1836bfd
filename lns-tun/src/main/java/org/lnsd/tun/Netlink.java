package org.lnsd.tun;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Routes, addresses and links through rtnetlink. One request at a time or many in one message; every request is answered
 * by the kernel, errors with its own text (NETLINK_EXT_ACK). Used by one thread.
 */
public final class Netlink implements AutoCloseable {
    /** The route protocol that marks our routes; routing daemons redistribute by it. */
    public static final int ROUTE_PROTOCOL = 76;

    private static final int BUFFER = 256 << 10;
    private static final int BATCH = 128;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_GETROUTE = 26;
    private static final int NLM_F_REQUEST_ACK = 5;
    private static final int NLM_F_REPLACE = 0x100;
    private static final int NLM_F_CREATE = 0x400;
    private static final int NLM_F_REQUEST_DUMP = 0x301;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_TABLE = 15;
    private static final int RT_TABLE_UNSPEC = 0;
    private static final int RT_TABLE_MAIN = 254;
    private static final int RT_TABLE_LONGEST_SHORT = 255;
    private static final int IPV6_DEFAULT_METRIC = 1024;
    private static final int ESRCH = 3;

    private final int fd;
    private final long out = Memory.map(BUFFER);
    private final long in = Memory.map(BUFFER);
    private int sequence;
    private long end;

    /**
     * A route to a prefix through an interface.
     *
     * @param table the routing table; 254: main
     * @param metric its metric; 0: the kernel's own default
     */
    public record Route(InetAddress destination, int prefixLength, int interfaceIndex, int table, int metric) {
        /** A route in the main table with the kernel's metric. */
        public Route(InetAddress destination, int prefixLength, int interfaceIndex) {
            this(destination, prefixLength, interfaceIndex, RT_TABLE_MAIN, 0);
        }
    }

    /** A route that the kernel refused. */
    public record Refusal(Route route, String reason) {}

    /** Opens the socket. */
    public Netlink() {
        fd = Linux.check(Linux.LIBC.socket(Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, 0),
                "cannot open netlink", "");
        Linux.trySetInt(fd, 270, 11, 1);
        Linux.trySetInt(fd, 270, 10, 1);
        Linux.trySetInt(fd, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, 4 << 20);
        end = out;
    }

    /** Puts an address on an interface; one that is there already is fine. */
    public void addAddress(int interfaceIndex, InetAddress address, int prefixLength) {
        byte[] octets = address.getAddress();
        long message = begin(RTM_NEWADDR, NLM_F_REQUEST_ACK | NLM_F_CREATE | NLM_F_REPLACE);
        Memory.putByte(end, family(octets));
        Memory.putByte(end + 1, prefixLength);
        Memory.putByte(end + 2, octets.length == 16 ? 0x02 : 0); // IFA_F_NODAD: nobody else is on a TUN
        Memory.putByte(end + 3, 0);
        Memory.putInt(end + 4, interfaceIndex);
        end += 8;
        attribute(2, octets); // IFA_LOCAL
        attribute(1, octets); // IFA_ADDRESS
        finish(message);
        String refusal = exchange(1).getFirst();
        if (!refusal.isEmpty()) {
            throw new LinuxException(
                    "cannot put " + address.getHostAddress() + "/" + prefixLength + " on the device: " + refusal,
                    Linux.EINVAL,
                    "is the address well-formed and free, and is this root or CAP_NET_ADMIN?");
        }
    }

    /** Takes an address off an interface; one that is not there is fine. */
    public void removeAddress(int interfaceIndex, InetAddress address, int prefixLength) {
        byte[] octets = address.getAddress();
        long message = begin(RTM_DELADDR, NLM_F_REQUEST_ACK);
        Memory.putByte(end, family(octets));
        Memory.putByte(end + 1, prefixLength);
        Memory.putShort(end + 2, 0);
        Memory.putInt(end + 4, interfaceIndex);
        end += 8;
        attribute(2, octets); // IFA_LOCAL
        finish(message);
        exchange(1);
    }

    /** Adds or replaces routes; returns those that the kernel refused. */
    public List<Refusal> add(List<Route> routes) {
        return change(routes, RTM_NEWROUTE, NLM_F_REQUEST_ACK | NLM_F_CREATE | NLM_F_REPLACE);
    }

    /** Removes routes; one that is not there is no refusal. */
    public List<Refusal> remove(List<Route> routes) {
        return change(routes, RTM_DELROUTE, NLM_F_REQUEST_ACK);
    }

    private List<Refusal> change(List<Route> routes, int type, int flags) {
        List<Refusal> refusals = new ArrayList<>();
        for (int from = 0; from < routes.size(); from += BATCH) {
            List<Route> batch = routes.subList(from, Math.min(routes.size(), from + BATCH));
            for (Route route : batch) {
                putRoute(route, type, flags);
            }
            List<String> answers = exchange(batch.size());
            for (int i = 0; i < batch.size(); i++) {
                if (!answers.get(i).isEmpty()) {
                    refusals.add(new Refusal(batch.get(i), answers.get(i)));
                }
            }
        }
        return refusals;
    }

    private void putRoute(Route route, int type, int flags) {
        byte[] octets = route.destination().getAddress();
        long message = begin(type, flags);
        Memory.putByte(end, family(octets));
        Memory.putByte(end + 1, route.prefixLength());
        Memory.putShort(end + 2, 0);
        Memory.putByte(end + 4, route.table() > RT_TABLE_LONGEST_SHORT ? RT_TABLE_UNSPEC : route.table());
        Memory.putByte(end + 5, ROUTE_PROTOCOL);
        Memory.putByte(end + 6, octets.length == 4 ? 253 : 0); // RT_SCOPE_LINK, universe
        Memory.putByte(end + 7, 1); // RTN_UNICAST
        Memory.putInt(end + 8, 0);
        end += 12;
        attribute(RTA_DST, octets);
        attribute(RTA_OIF, word(route.interfaceIndex()));
        attribute(RTA_TABLE, word(route.table()));
        int metric = route.metric() == 0 && octets.length == 16 ? IPV6_DEFAULT_METRIC : route.metric();
        if (metric != 0) {
            attribute(RTA_PRIORITY, word(metric));
        }
        finish(message);
    }

    private static byte[] word(int value) {
        return new byte[]{(byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)};
    }

    /** Our routes of both families, on all interfaces. */
    public List<Route> dump() {
        List<Route> routes = new ArrayList<>();
        dump(Linux.AF_INET, routes);
        dump(Linux.AF_INET6, routes);
        return routes;
    }

    private void dump(int family, List<Route> into) {
        long message = begin(RTM_GETROUTE, NLM_F_REQUEST_DUMP);
        Memory.fill(end, 12, 0);
        Memory.putByte(end, family);
        end += 12;
        finish(message);
        send();
        while (true) {
            long length = receive();
            for (long at = in; at + 16 <= in + length; at += (Memory.getInt(at) + 3) & ~3) {
                int type = Memory.getShort(at + 4);
                if (type == NLMSG_DONE || type == NLMSG_ERROR) {
                    return;
                }
                if (type == RTM_NEWROUTE && Memory.getByte(at + 16 + 5) == ROUTE_PROTOCOL) {
                    into.add(readRoute(at));
                }
            }
        }
    }

    private static Route readRoute(long message) {
        boolean v6 = Memory.getByte(message + 16) == Linux.AF_INET6;
        byte[] destination = new byte[v6 ? 16 : 4];
        int index = 0;
        int table = Memory.getByte(message + 20) & 0xFF;
        int metric = 0;
        long end = message + Memory.getInt(message);
        for (long at = message + 28; at + 4 <= end && Memory.getShort(at) >= 4; at += (Memory.getShort(at) + 3) & ~3) {
            switch (Memory.getShort(at + 2)) {
                case RTA_DST -> destination = Memory.toArray(at + 4, destination.length);
                case RTA_OIF -> index = Memory.getInt(at + 4);
                case RTA_TABLE -> table = Memory.getInt(at + 4);
                case RTA_PRIORITY -> metric = Memory.getInt(at + 4);
                default -> {}
            }
        }
        return new Route(SocketAddresses.address(destination), Memory.getByte(message + 17), index, table, metric);
    }

    private static int family(byte[] octets) { return octets.length == 16 ? Linux.AF_INET6 : Linux.AF_INET; }

    private long begin(int type, int flags) {
        long message = end;
        Memory.putShort(message + 4, type);
        Memory.putShort(message + 6, flags);
        Memory.putInt(message + 8, ++sequence);
        Memory.putInt(message + 12, 0);
        end += 16;
        return message;
    }

    private void attribute(int type, byte[] octets) {
        Memory.putShort(end, 4 + octets.length);
        Memory.putShort(end + 2, type);
        Memory.fromArray(octets, 0, end + 4, octets.length);
        end += (4 + octets.length + 3) & ~3;
    }

    private void finish(long message) { Memory.putInt(message, (int) (end - message)); }

    private void send() {
        long length = end - out;
        end = out;
        Linux.check((int) Linux.LIBC.send(fd, out, length, 0), "netlink request", "");
    }

    private long receive() { return Linux.check((int) Linux.LIBC.recv(fd, in, BUFFER, 0), "netlink answer", ""); }

    // Sends what was put and waits for every answer: empty text for success, in order of the requests.
    private List<String> exchange(int requests) {
        String[] answers = new String[requests];
        int firstSequence = sequence - requests + 1;
        send();
        int missing = requests;
        while (missing > 0) {
            long length = receive();
            for (long at = in; at + 16 <= in + length; at += (Memory.getInt(at) + 3) & ~3) {
                int index = Memory.getInt(at + 8) - firstSequence;
                if (Memory.getShort(at + 4) == NLMSG_ERROR && index >= 0 && index < requests
                        && answers[index] == null) {
                    answers[index] = answer(at);
                    missing--;
                }
            }
        }
        return List.of(answers);
    }

    private static String answer(long message) {
        int errno = -Memory.getInt(message + 16);
        if (errno == 0 || errno == ESRCH || errno == Linux.EEXIST) {
            return "";
        }
        // With NETLINK_CAP_ACK the request's header (16 octets) follows, then the attributes; type 1 is the text.
        long end = message + Memory.getInt(message);
        for (long at = message + 36; at + 4 <= end && Memory.getShort(at) >= 4; at += (Memory.getShort(at) + 3) & ~3) {
            if (Memory.getShort(at + 2) == 1) {
                byte[] text = Memory.toArray(at + 4, Memory.getShort(at) - 4);
                return Linux.errorName(errno) + ": " + new String(text, StandardCharsets.UTF_8).replace("\0", "");
            }
        }
        return Linux.errorName(errno);
    }

    @Override
    public void close() {
        Linux.LIBC.close(fd);
        Memory.unmap(out);
        Memory.unmap(in);
    }
}

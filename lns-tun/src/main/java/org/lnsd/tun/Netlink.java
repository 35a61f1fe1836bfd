package org.lnsd.tun;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lnsd.tun.NetlinkMessages.RouteChange;

/**
 * Routes, addresses and links through rtnetlink. One request at a time or many in one message; the kernel answers the last one and
 * whatever it refuses, with its own text (NETLINK_EXT_ACK). Used by one thread.
 */
public final class Netlink implements AutoCloseable {
    /** The route protocol that marks our routes; routing daemons redistribute by it. */
    public static final int ROUTE_PROTOCOL = 76;

    private static final int BUFFER = 256 << 10;
    private static final int BATCH = 128;
    static final int RT_TABLE_MAIN = 254;

    private final int fd;
    private final long out = Memory.map(BUFFER);
    private final long in = Memory.map(BUFFER);
    private final NetlinkMessages messages = new NetlinkMessages(out);

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

    /** Why a route is refused by {@link #add}: there is another one, perhaps of somebody else's, to the same destination. */
    public static final String TAKEN = "another route to it is there already";

    /** A route that the kernel refused. */
    public record Refusal(Route route, String reason) {
        /** Whether it is the interface's fault, which is down or does not exist. */
        public boolean isOfInterface() {
            return reason.startsWith(Linux.errorName(Linux.ENETDOWN))
                    || reason.startsWith(Linux.errorName(Linux.ENODEV));
        }
    }

    /** Opens the socket. */
    public Netlink() {
        fd = Linux.check(Linux.LIBC.socket(Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, 0),
                "cannot open netlink", "");
        Linux.trySetInt(fd, 270, 11, 1);
        Linux.trySetInt(fd, 270, 10, 1);
        Linux.trySetInt(fd, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, 4 << 20);
    }

    /** The socket's port, by which the kernel tells others who has changed something. */
    public int port() {
        long block = Memory.map(4096);
        try {
            Memory.fill(block, 32, 0);
            Memory.putShort(block + 8, Linux.AF_NETLINK);
            Linux.check(Linux.LIBC.bind(fd, block + 8, 12), "cannot bind netlink", "");
            Memory.putInt(block, 12);
            Linux.check(Linux.LIBC.getsockname(fd, block + 8, block), "getsockname", "");
            return Memory.getInt(block + 12);
        } finally {
            Memory.unmap(block);
        }
    }

    /** Puts an address on an interface; one that is there already is fine. */
    public void addAddress(int interfaceIndex, InetAddress address, int prefixLength) {
        messages.address(interfaceIndex, address, prefixLength, true);
        String refusal = exchange(1)[0];
        if (refusal != null && !refusal.isEmpty()) {
            throw new LinuxException(
                    "cannot put " + address.getHostAddress() + "/" + prefixLength + " on the device: " + refusal,
                    Linux.EINVAL,
                    "is the address well-formed and free, and is this root or CAP_NET_ADMIN?");
        }
    }

    /** Takes an address off an interface; one that is not there is fine. */
    public void removeAddress(int interfaceIndex, InetAddress address, int prefixLength) {
        messages.address(interfaceIndex, address, prefixLength, false);
        exchange(1);
    }

    /** Adds routes where there are none to the same destination; returns those that the kernel refused. */
    public List<Refusal> add(List<Route> routes) {
        return change(routes, RouteChange.ADD);
    }

    /** Adds or replaces routes; returns those that the kernel refused. */
    public List<Refusal> replace(List<Route> routes) {
        return change(routes, RouteChange.REPLACE);
    }

    /** Removes routes; one that is not there is no refusal. */
    public List<Refusal> remove(List<Route> routes) {
        return change(routes, RouteChange.REMOVE);
    }

    private List<Refusal> change(List<Route> routes, RouteChange change) {
        List<Refusal> refusals = new ArrayList<>();
        for (int from = 0; from < routes.size(); from += BATCH) {
            List<Route> batch = routes.subList(from, Math.min(routes.size(), from + BATCH));
            for (int i = 0; i < batch.size(); i++) {
                messages.route(batch.get(i), change);
                if (i < batch.size() - 1) {
                    messages.answeredIfRefused();
                }
            }
            @Nullable
            String[] answers = exchange(batch.size());
            for (int i = 0; i < batch.size(); i++) {
                String answer = answers[i];
                if (answer != null && !answer.isEmpty()) {
                    refusals.add(new Refusal(batch.get(i), answer));
                }
            }
        }
        return refusals;
    }

    /** Our routes of both families, on all interfaces. */
    public List<Route> dump() {
        List<Route> routes = new ArrayList<>();
        dump(Linux.AF_INET, routes);
        dump(Linux.AF_INET6, routes);
        return routes;
    }

    private void dump(int family, List<Route> into) {
        messages.dumpRoutes(family);
        send();
        boolean last = false;
        while (!last) {
            last = NetlinkMessages.readRoutes(in, receive(), into);
        }
    }

    private void send() {
        int lengthBytes = messages.lengthBytes();
        messages.clear();
        Linux.check((int) Linux.LIBC.send(fd, out, lengthBytes, 0), "netlink request", "");
    }

    private long receive() { return Linux.check((int) Linux.LIBC.recv(fd, in, BUFFER, 0), "netlink answer", ""); }

    // Sends what was put and waits for the answer to the last request, in front of which the kernel sends those to the others: empty text for
    // success, none where only a refusal was asked for; in order of the requests.
    private @Nullable String[] exchange(int requests) {
        @Nullable
        String[] answers = new String[requests];
        int firstSequence = messages.sequence() - requests + 1;
        send();
        boolean answered = false;
        while (!answered) {
            answered = NetlinkMessages.readAnswers(in, receive(), firstSequence, answers);
        }
        return answers;
    }

    @Override
    public void close() {
        Linux.LIBC.close(fd);
        Memory.unmap(out);
        Memory.unmap(in);
    }
}

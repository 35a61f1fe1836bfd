package org.lnsd.tun;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lnsd.tun.Netlink.Route;

/** The octets of rtnetlink: requests one behind the other in a piece of memory, and what the kernel answers. Machine byte order. */
final class NetlinkMessages {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_NEWROUTE = 24;
    static final int RTM_DELROUTE = 25;
    static final int RTM_GETROUTE = 26;

    private static final int NLM_F_ACK = 4;
    private static final int NLM_F_REQUEST_ACK = 1 | NLM_F_ACK;
    private static final int NLM_F_CREATE_OR_REPLACE = 0x500;
    private static final int NLM_F_CREATE_NEW = 0x600;
    private static final int NLM_F_REQUEST_DUMP = 0x301;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    static final int HEADER_BYTES = 16;
    private static final int ROUTE_BYTES = 12;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_TABLE = 15;
    private static final int LINK_BYTES = 16;
    private static final int IFADDR_BYTES = 8;
    private static final int IFF_UP = 1;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_F_NODAD = 2;
    private static final int RT_TABLE_UNSPEC = 0;
    private static final int RT_TABLE_LONGEST_SHORT = 255;
    private static final int IPV6_DEFAULT_METRIC = 1024;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RTN_UNICAST = 1;
    private static final int NLMSGERR_ATTR_MSG = 1;
    private static final int ESRCH = 3;

    private final long memory;
    private long end;
    /** Where the last request begins. */
    private long last;
    private int sequence;

    NetlinkMessages(long memory) {
        this.memory = memory;
        end = memory;
        last = memory;
    }

    /** Forgets the requests; their numbers go on. */
    void clear() { end = memory; }

    int lengthBytes() { return (int) (end - memory); }

    /** The number of the last request. */
    int sequence() { return sequence; }

    /** What is done with a route. */
    enum RouteChange {
        /** Added where there is none to the same destination. */
        ADD,
        /** Added, perhaps in place of another. */
        REPLACE,
        /** Removed. */
        REMOVE
    }

    /** A request that changes one of our routes. */
    void route(Route route, RouteChange change) {
        byte[] octets = route.destination().getAddress();
        long message = switch (change) {
            case ADD -> header(RTM_NEWROUTE, NLM_F_REQUEST_ACK | NLM_F_CREATE_NEW);
            case REPLACE -> begin(RTM_NEWROUTE, true);
            case REMOVE -> begin(RTM_DELROUTE, false);
        };
        Memory.putByte(end, family(octets));
        Memory.putByte(end + 1, route.prefixLength());
        Memory.putShort(end + 2, 0);
        Memory.putByte(end + 4, route.table() > RT_TABLE_LONGEST_SHORT ? RT_TABLE_UNSPEC : route.table());
        Memory.putByte(end + 5, Netlink.ROUTE_PROTOCOL);
        Memory.putByte(end + 6, octets.length == 4 ? RT_SCOPE_LINK : 0);
        Memory.putByte(end + 7, RTN_UNICAST);
        Memory.putInt(end + 8, 0);
        end += ROUTE_BYTES;
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

    /** A request that puts an address on an interface or takes it off. */
    void address(int interfaceIndex, InetAddress address, int prefixLength, boolean add) {
        byte[] octets = address.getAddress();
        long message = begin(add ? RTM_NEWADDR : RTM_DELADDR, add);
        Memory.putByte(end, family(octets));
        Memory.putByte(end + 1, prefixLength);
        Memory.putByte(end + 2, add && octets.length == 16 ? IFA_F_NODAD : 0); // nobody else is on a TUN
        Memory.putByte(end + 3, 0);
        Memory.putInt(end + 4, interfaceIndex);
        end += IFADDR_BYTES;
        attribute(IFA_LOCAL, octets);
        if (add) {
            attribute(IFA_ADDRESS, octets);
        }
        finish(message);
    }

    /** A request for all routes of a family. */
    void dumpRoutes(int family) {
        long message = header(RTM_GETROUTE, NLM_F_REQUEST_DUMP);
        Memory.fill(end, ROUTE_BYTES, 0);
        Memory.putByte(end, family);
        end += ROUTE_BYTES;
        finish(message);
    }

    private long begin(int type, boolean add) {
        return header(type, NLM_F_REQUEST_ACK | (add ? NLM_F_CREATE_OR_REPLACE : 0));
    }

    /** The kernel answers the last request only if it refuses it. */
    void answeredIfRefused() {
        Memory.putShort(last + 6, Memory.getShort(last + 6) & ~NLM_F_ACK);
    }

    private long header(int type, int flags) {
        long message = end;
        last = message;
        Memory.putShort(message + 4, type);
        Memory.putShort(message + 6, flags);
        Memory.putInt(message + 8, ++sequence);
        Memory.putInt(message + 12, 0);
        end += HEADER_BYTES;
        return message;
    }

    private void attribute(int type, byte[] octets) {
        Memory.putShort(end, 4 + octets.length);
        Memory.putShort(end + 2, type);
        Memory.fromArray(octets, 0, end + 4, octets.length);
        end += (4 + octets.length + 3) & ~3;
    }

    private void finish(long message) { Memory.putInt(message, (int) (end - message)); }

    private static int family(byte[] octets) { return octets.length == 16 ? Linux.AF_INET6 : Linux.AF_INET; }

    /** Takes our routes out of one piece of the answer to a dump; true when it was the last. */
    static boolean readRoutes(long from, long lengthBytes, List<Route> into) {
        long limit = from + lengthBytes;
        for (long at = from; isMessage(at, limit); at += aligned(Memory.getInt(at))) {
            int type = Memory.getShort(at + 4);
            if (type == NLMSG_DONE || type == NLMSG_ERROR) {
                return true;
            }
            if (type == RTM_NEWROUTE && Memory.getInt(at) >= HEADER_BYTES + ROUTE_BYTES
                    && Memory.getByte(at + HEADER_BYTES + 5) == Netlink.ROUTE_PROTOCOL) {
                into.add(readRoute(at));
            }
        }
        return false;
    }

    private static Route readRoute(long message) {
        boolean v6 = Memory.getByte(message + HEADER_BYTES) == Linux.AF_INET6;
        byte[] destination = new byte[v6 ? 16 : 4];
        int index = 0;
        int table = Memory.getByte(message + HEADER_BYTES + 4) & 0xFF;
        int metric = 0;
        long limit = message + Memory.getInt(message);
        for (long at = message + HEADER_BYTES + ROUTE_BYTES; isAttribute(at, limit); at += aligned(
                Memory.getShort(at))) {
            int lengthBytes = Memory.getShort(at) - 4;
            switch (Memory.getShort(at + 2)) {
                case RTA_DST -> destination = lengthBytes == destination.length
                        ? Memory.toArray(at + 4, lengthBytes)
                        : destination;
                case RTA_OIF -> index = lengthBytes == 4 ? Memory.getInt(at + 4) : index;
                case RTA_TABLE -> table = lengthBytes == 4 ? Memory.getInt(at + 4) : table;
                case RTA_PRIORITY -> metric = lengthBytes == 4 ? Memory.getInt(at + 4) : metric;
                default -> {}
            }
        }
        return new Route(SocketAddresses.address(destination), Memory.getByte(message + HEADER_BYTES + 1), index,
                table, metric);
    }

    /** Says what one piece of notifications tells of an interface. */
    static LinkMonitor.Heard readNotifications(long from, long lengthBytes, int interfaceIndex) {
        boolean wasDown = false;
        boolean addressGone = false;
        boolean routeGone = false;
        long limit = from + lengthBytes;
        for (long at = from; isMessage(at, limit); at += aligned(Memory.getInt(at))) {
            int type = Memory.getShort(at + 4);
            int bodyBytes = Memory.getInt(at) - HEADER_BYTES;
            routeGone |= type == RTM_DELROUTE && bodyBytes >= ROUTE_BYTES
                    && readRoute(at).interfaceIndex() == interfaceIndex;
            // The index is the second word of a link and of an address.
            if (bodyBytes < IFADDR_BYTES || Memory.getInt(at + HEADER_BYTES + 4) != interfaceIndex) {
                continue;
            }
            wasDown |= type == RTM_DELLINK || type == RTM_NEWLINK && bodyBytes >= LINK_BYTES
                    && (Memory.getInt(at + HEADER_BYTES + 8) & IFF_UP) == 0;
            addressGone |= type == RTM_DELADDR;
        }
        return new LinkMonitor.Heard(wasDown, addressGone, routeGone, false);
    }

    /**
     * Notes the answers of one piece: empty text for success, at the place of the request with {@code firstSequence} first.
     *
     * @return whether the last request is answered
     */
    static boolean readAnswers(long from, long lengthBytes, int firstSequence, @Nullable String[] answers) {
        long limit = from + lengthBytes;
        for (long at = from; isMessage(at, limit); at += aligned(Memory.getInt(at))) {
            int index = Memory.getInt(at + 8) - firstSequence;
            if (Memory.getShort(at + 4) == NLMSG_ERROR && Memory.getInt(at) >= HEADER_BYTES + 4 && index >= 0
                    && index < answers.length && answers[index] == null) {
                answers[index] = answer(at);
            }
        }
        return answers[answers.length - 1] != null;
    }

    private static String answer(long message) {
        int errno = -Memory.getInt(message + HEADER_BYTES);
        if (errno == Linux.EEXIST && Memory.getInt(message) >= HEADER_BYTES + 4 + HEADER_BYTES
                && Memory.getShort(message + HEADER_BYTES + 4 + 4) == RTM_NEWROUTE) {
            return Netlink.TAKEN;
        }
        if (errno == 0 || errno == ESRCH || errno == Linux.EEXIST) {
            return "";
        }
        // With NETLINK_CAP_ACK the request's header follows, then the attributes, one of which is the kernel's text.
        long limit = message + Memory.getInt(message);
        for (long at = message + HEADER_BYTES + 4 + HEADER_BYTES; isAttribute(at, limit); at += aligned(
                Memory.getShort(at))) {
            if (Memory.getShort(at + 2) == NLMSGERR_ATTR_MSG) {
                byte[] text = Memory.toArray(at + 4, Memory.getShort(at) - 4);
                return Linux.errorName(errno) + ": " + new String(text, StandardCharsets.UTF_8).replace("\0", "");
            }
        }
        return Linux.errorName(errno);
    }

    private static boolean isMessage(long at, long limit) {
        return at + HEADER_BYTES <= limit && Memory.getInt(at) >= HEADER_BYTES && Memory.getInt(at) <= limit - at;
    }

    private static boolean isAttribute(long at, long limit) {
        return at + 4 <= limit && Memory.getShort(at) >= 4 && Memory.getShort(at) <= limit - at;
    }

    private static int aligned(int lengthBytes) { return (lengthBytes + 3) & ~3; }
}

package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.SessionAddresses;
import org.lnsd.daemon.forwarding.SessionCounters;
import org.lnsd.ppp.frame.FrameHeader;
import org.lnsd.ppp.frame.PppProtocol;
import org.lnsd.ppp.link.LcpAgreement;
import org.lnsd.ppp.multilink.BundleSettings;
import org.lnsd.ppp.multilink.Fragmenter;
import org.lnsd.ppp.multilink.MultilinkHeader.Format;
import org.lnsd.ppp.multilink.Reassembly;

/**
 * The sessions of one subscriber, perhaps over several tunnels, as one link (RFC 1990). The first session has the network
 * protocols and the addresses; when it ends, the others end too. All of it happens on the control loop: only the packets of
 * bundles leave the fast path. A link's number is its row.
 */
final class Bundle {

    private static final int IPV6_VERSION = 6;
    private static final int PROTOCOL_BYTES = 2;
    /** RFC 3145 section 3: unexpected MRRU for the existing bundle. */
    static final int PPP_BUNDLE_MRRU = 10;
    /** The same section: unexpected Short-Sequence-Number option for the existing bundle. */
    private static final int PPP_BUNDLE_NUMBERS = 11;

    private final SessionServices services;
    private final String key;
    private final Session first;
    private final LcpAgreement agreed;
    private final Reassembly reassembly;
    private final Fragmenter fragmenter;
    private final List<Session> members = new ArrayList<>(2);
    private final SessionCounters departed = new SessionCounters();
    private int linksEver;
    private boolean delivering;

    /** The session is the first link of its bundle; {@code present} is the bundle that it leads already, perhaps. */
    static Bundle lead(SessionServices services, @Nullable Bundle present, String user, Session session,
            LcpAgreement agreement) {
        Bundle bundle = present == null ? new Bundle(services, key(user, agreement), session, agreement) : present;
        services.table().bundles().putIfAbsent(bundle.key, bundle);
        bundle.join(session, agreement);
        return bundle;
    }

    private Bundle(SessionServices services, String key, Session first, LcpAgreement agreed) {
        this.services = services;
        this.key = key;
        this.first = first;
        this.agreed = agreed;
        BundleSettings usual = BundleSettings.of(agreed.localMrru(), agreed.peerMrru());
        BundleSettings settings = new BundleSettings(format(agreed.receiveShortSequence()),
                format(agreed.sendShortSequence()), usual.localMrru(), usual.peerMrru(), usual.minimumFragmentBytes(),
                usual.bufferBytes(), usual.holdNs());
        reassembly = new Reassembly(settings, services.allocator(), this::count);
        fragmenter = new Fragmenter(settings, services.allocator());
    }

    private static Format format(boolean isShort) { return isShort ? Format.SHORT : Format.LONG; }

    /** Tells one subscriber's bundles apart (RFC 1990 section 5.1.3): the user and the endpoint discriminator. */
    static String key(String user, LcpAgreement agreement) {
        return user + '/' + agreement.peerEndpointDiscriminator();
    }

    boolean isFirst(Session session) { return session == first; }

    /** Returns why one more link cannot join, or null. */
    @Nullable
    SessionEnd refusal(Session session, LcpAgreement other, Profile profile) {
        if (!sameMrru(other)) {
            return SessionEnd.bundle("the MRRU differs from the bundle's", PPP_BUNDLE_MRRU);
        }
        if (!sameNumbers(other)) {
            return SessionEnd.bundle("the sequence numbers are not of the bundle's length", PPP_BUNDLE_NUMBERS);
        }
        return !members.contains(session) && members.size() >= profile.portLimit().orElse(Integer.MAX_VALUE)
                ? SessionEnd.duplicateLogin()
                : null;
    }

    int links() { return members.size(); }

    int linksEver() { return linksEver; }

    Session first() { return first; }

    /** Returns its name for accounting (RFC 2866 section 5.11): that of its first link. */
    String id() {
        return first.id();
    }

    /** Returns the addresses that its packets have. */
    SessionAddresses addresses() {
        return first.networkPart().addresses();
    }

    /** Returns whether a link with this agreement can be of this bundle (RFC 1990 section 5.1.1 and 5.1.2). */
    boolean fits(LcpAgreement other) {
        return sameMrru(other) && sameNumbers(other);
    }

    private boolean sameMrru(LcpAgreement other) {
        return other.peerMrru() == agreed.peerMrru() && other.localMrru() == agreed.localMrru();
    }

    private boolean sameNumbers(LcpAgreement other) {
        return other.sendShortSequence() == agreed.sendShortSequence()
                && other.receiveShortSequence() == agreed.receiveShortSequence();
    }

    void join(Session session, LcpAgreement agreement) {
        if (!members.contains(session)) {
            members.add(session);
            linksEver++;
            reassembly.addLink(session.row());
        }
        fragmenter.addLink(
                new Fragmenter.Member(session.row(), agreement.peerMru(), agreement.sendWithAddressControl()));
    }

    /** A link negotiates anew: nothing is sent over it until it joins again. */
    void suspend(Session session) {
        fragmenter.removeLink(session.row());
    }

    /** Returns what has gone over all links so far. */
    SessionCounters traffic() {
        SessionCounters sum = new SessionCounters();
        sum.add(departed);
        members.forEach(member -> sum.add(member.networkPart().counters()));
        return sum;
    }

    /** What a link has carried counts on that link. */
    private void count(int row, int protocol, int octets) {
        if (protocol == PppProtocol.IPV4 || protocol == PppProtocol.IPV6) {
            services.forwarding().count(row, true, octets, protocol == PppProtocol.IPV6);
        }
    }

    /** A link has ended; the first one takes the others with it. */
    void leave(Session session, int formerRow, long nowNs) {
        departed.add(session.networkPart().counters());
        members.remove(session);
        fragmenter.removeLink(formerRow);
        reassembly.removeLink(formerRow, nowNs);
        if (session == first) {
            services.table().bundles().remove(key, this);
            reassembly.close();
            List.copyOf(members).forEach(
                    other -> other.close(SessionEnd.bundle("the first link of the bundle has ended", 0), nowNs));
        } else {
            deliver();
        }
    }

    /** Borrows a frame of a link; returns whether it belongs to the bundle rather than to that link alone. */
    boolean takes(Session link, ByteBuf frame, long nowNs) {
        ByteBuf packet = frame.slice();
        int protocol = FrameHeader.readProtocol(packet);
        if (protocol == PppProtocol.MULTILINK) {
            if (!delivering) { // a fragment in a fragment is nonsense
                reassembly.onFragment(link.row(), packet, nowNs);
                deliver();
                services.deadlines().update(first);
            }
            return true;
        }
        if (link == first) {
            return false;
        }
        return switch (protocol) {
            case PppProtocol.IPCP, PppProtocol.IPV6CP -> {
                first.onFrame(first.row(), frame, nowNs);
                yield true;
            }
            case PppProtocol.IPV4, PppProtocol.IPV6 -> { // without a multilink header it is a packet of the bundle, too
                count(link.row(), protocol, packet.readableBytes());
                services.forwarding().injectUp(first.row(), services.allocator().buffer().writeBytes(frame.slice()));
                yield true;
            }
            default -> false;
        };
    }

    private void deliver() {
        delivering = true;
        try {
            for (ByteBuf packet = reassembly.pollReceived(); packet != null; packet = reassembly.pollReceived()) {
                services.forwarding().injectUp(first.row(), packet);
            }
        } finally {
            delivering = false;
        }
    }

    /** Borrows an IP packet and sends it round the links. */
    void send(ByteBuf ipPacket) {
        ByteBuf packet = services.allocator().buffer(PROTOCOL_BYTES + ipPacket.readableBytes());
        boolean ipv6 = ipPacket.getUnsignedByte(ipPacket.readerIndex()) >>> 4 == IPV6_VERSION;
        packet.writeShort(ipv6 ? PppProtocol.IPV6 : PppProtocol.IPV4);
        packet.writeBytes(ipPacket, ipPacket.readerIndex(), ipPacket.readableBytes());
        Fragmenter.Outlet outlet = (row, frame, from, to) -> {
            services.forwarding().count(row, false, to - Math.max(from, PROTOCOL_BYTES), ipv6);
            services.forwarding().sendFrame(row, frame);
        };
        if (!fragmenter.send(packet, outlet)) {
            services.counts().count("bundle-packet-dropped");
        }
        packet.release();
    }

    /** Returns when the first link has to look after the bundle, if there is one. */
    static long nextDeadlineNs(@Nullable Bundle bundle, Session session) {
        return bundle != null && bundle.isFirst(session) ? bundle.reassembly.nextDeadlineNs() : Long.MAX_VALUE;
    }

    /** Does what is due when it is the first link that is asked. */
    static void onTimeout(@Nullable Bundle bundle, Session session, long nowNs) {
        if (nextDeadlineNs(bundle, session) <= nowNs && bundle != null) {
            bundle.reassembly.onTimeout(nowNs);
            bundle.deliver();
        }
    }
}

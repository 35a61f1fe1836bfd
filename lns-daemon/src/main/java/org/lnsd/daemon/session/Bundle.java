package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.SessionAddresses;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.PuntSink;
import org.lnsd.daemon.forwarding.SessionCounters;
import org.lnsd.daemon.forwarding.SessionPath;
import org.lnsd.ppp.frame.FrameHeader;
import org.lnsd.ppp.frame.PppProtocol;
import org.lnsd.ppp.fsm.Code;
import org.lnsd.ppp.link.LcpAgreement;
import org.lnsd.ppp.multilink.BundleSettings;
import org.lnsd.ppp.multilink.Fragmenter;
import org.lnsd.ppp.multilink.MultilinkHeader.Format;
import org.lnsd.ppp.multilink.Reassembly;

/**
 * The sessions of one subscriber, perhaps over several tunnels, as one link (RFC 1990). One of them holds the line: the
 * network protocols, the addresses, the limits. When its link closes, another takes the line over as it is; the row of
 * forwarding that has the addresses stays where it is, so that no packet is lost. All of it happens on the control loop:
 * only the packets of bundles leave the fast path. A link's number is its row.
 */
final class Bundle implements PuntSink {

    private static final int IPV6_VERSION = 6;
    private static final int PROTOCOL_BYTES = 2;
    private static final int NETWORK_PROTOCOLS_END = 0xC000;
    /** More than any line has; each packet is looked at once a link. */
    private static final int MAXIMUM_LINKS = 32;
    /** RFC 3145 section 3: unexpected MRRU for the existing bundle. */
    static final int PPP_BUNDLE_MRRU = 10;
    /** The same section: unexpected Short-Sequence-Number option for the existing bundle. */
    private static final int PPP_BUNDLE_NUMBERS = 11;

    private final SessionServices services;
    private final String key;
    private final String id;
    private final LcpAgreement agreed;
    private final Reassembly reassembly;
    private final Fragmenter fragmenter;
    private final List<Session> members = new ArrayList<>(2);
    /** Those that are authenticated now. */
    private final List<Session> carrying = new ArrayList<>(2);
    private final SessionCounters departed = new SessionCounters();
    /** The row with the addresses: that of the first holder, until its link closes. */
    private final int lineRow;
    private final Session first;
    private volatile Session holder;
    private boolean lent;
    private boolean ending;
    private int linksEver;
    private boolean handingBack;

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
        this.id = first.id();
        this.first = first;
        this.holder = first;
        this.lineRow = first.row();
        this.agreed = agreed;
        BundleSettings usual = BundleSettings.of(agreed.localMrru(), agreed.peerMrru());
        BundleSettings settings = new BundleSettings(format(agreed.receiveShortSequence()),
                format(agreed.sendShortSequence()), usual.localMrru(), usual.peerMrru(), usual.minimumFragmentBytes(),
                usual.bufferBytes(), usual.holdNs());
        reassembly = new Reassembly(settings, services.allocator(), services.table().fragmentMemory(),
                new Reassembly.Ledger() {
                    @Override
                    public void carried(int row, int protocol, int octets) { count(row, protocol, octets); }

                    @Override
                    public void memoryFull() { services.counts().count("bundle-memory-full"); }
                });
        fragmenter = new Fragmenter(settings, services.allocator());
    }

    private static Format format(boolean isShort) { return isShort ? Format.SHORT : Format.LONG; }

    /** Tells one subscriber's bundles apart (RFC 1990 section 5.1.3): the user and the endpoint discriminator. */
    static String key(String user, LcpAgreement agreement) {
        return user + '/' + agreement.peerEndpointDiscriminator();
    }

    boolean isHolder(Session session) { return session == holder; }

    Session holder() { return holder; }

    /** Returns why one more link cannot join, or null. */
    @Nullable
    SessionEnd refusal(Session session, LcpAgreement other, Profile profile) {
        if (!sameMrru(other)) {
            return SessionEnd.bundle("the MRRU differs from the bundle's", PPP_BUNDLE_MRRU);
        }
        if (!sameNumbers(other)) {
            return SessionEnd.bundle("the sequence numbers are not of the bundle's length", PPP_BUNDLE_NUMBERS);
        }
        if (members.contains(session)) {
            return null;
        }
        if (session.networkPart().grant() != null) {
            return SessionEnd.cleared("the subscriber has a line of its own already");
        }
        return members.size() >= Math.min(MAXIMUM_LINKS, profile.portLimit().orElse(MAXIMUM_LINKS))
                ? SessionEnd.duplicateLogin()
                : null;
    }

    int links() { return members.size(); }

    int linksEver() { return linksEver; }

    /** Returns its name for accounting (RFC 2866 section 5.11): that of its first link, as long as the bundle lives. */
    String id() {
        return id;
    }

    /** Returns the row of its addresses. */
    int lineRow() { return lineRow; }

    /** Returns whether the row of its addresses is no link's any longer. */
    boolean isLent() { return lent; }

    /** Returns whether nothing of it outlives the end of one of its links. */
    boolean isEnding() {
        return ending || members.size() <= 1;
    }

    /** Returns the addresses that its packets have. */
    SessionAddresses addresses() {
        return holder.networkPart().addresses();
    }

    /** Returns whether a link with this agreement can be of this bundle (RFC 1990 sections 5.1.1 to 5.1.3). */
    boolean fits(LcpAgreement other) {
        return sameMrru(other) && sameNumbers(other)
                && other.peerEndpointDiscriminator().equals(agreed.peerEndpointDiscriminator());
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
        }
        if (!carrying.contains(session)) {
            carrying.add(session);
            reassembly.addLink(session.row());
        }
        fragmenter.addLink(
                new Fragmenter.Member(session.row(), agreement.peerMru(), agreement.sendWithAddressControl()));
        session.link().bundled(true);
    }

    /** A link closes or negotiates anew: nothing goes over it, either way, until it joins again. */
    void suspend(Session session, long nowNs) {
        if (carrying.remove(session)) {
            fragmenter.removeLink(session.row());
            reassembly.removeLink(session.row());
            if (carrying.isEmpty()) { // both ends begin anew
                reassembly.reset();
                fragmenter.reset();
            }
            deliver();
        }
    }

    /** Tells the accounts of all links which addresses they have. */
    void tellAccounts(SessionAddresses addresses) {
        List.copyOf(members).forEach(member -> member.accounts().tell(addresses));
    }

    /** Returns what has gone over all links so far. */
    SessionCounters traffic() {
        SessionCounters sum = new SessionCounters();
        sum.add(departed);
        members.forEach(member -> sum.add(member.accounts().counters()));
        return sum;
    }

    /** What a link has carried counts on that link. */
    private void count(int row, int protocol, int octets) {
        if (protocol == PppProtocol.IPV4 || protocol == PppProtocol.IPV6) {
            services.forwarding().count(row, true, octets, protocol == PppProtocol.IPV6);
        }
    }

    // ---- the line passes on ---------------------------------------------------------------------------------------

    /**
     * The link of the holder carries no longer: another takes the line over (RFC 1990 section 4).
     *
     * @param lives the link will perhaps join again; then only one that carries can take it over
     * @return false: there is none
     */
    boolean passOn(boolean lives, long nowNs) {
        Session former = holder;
        Session heir = heir(lives);
        if (heir == null) {
            return false;
        }
        holder = heir;
        former.networkPart().passTo(former, heir);
        heir.carry(former.link(), nowNs);
        boolean hasRow = lent || lendRow(former, lives);
        pathChanged();
        if (!hasRow && lives) {
            former.beginClose(SessionEnd.bundle("no row for the link", 0), nowNs);
        }
        services.counts().count("bundle-passed-on");
        return true;
    }

    private @Nullable Session heir(boolean onlyCarrying) {
        Session any = null;
        for (Session member : ending ? List.<Session>of() : members) {
            boolean stays = member.state() != SessionState.CLOSING && member.state() != SessionState.ENDED;
            if (member != holder && stays && carrying.contains(member) && member.link().isCarrying()) {
                return member;
            }
            any = member != holder && stays && !onlyCarrying ? member : any;
        }
        return any;
    }

    /** From now on the row is the bundle's alone, and {@link #first} has another one or none. */
    private boolean lendRow(Session former, boolean lives) {
        lent = true;
        return former.leaveRow(lives);
    }

    /** What is for the addresses goes out the way of the holder now. */
    void pathChanged() {
        SessionPath path = holder.path();
        if (lent && path != null) {
            services.forwarding().lend(lineRow, path, this);
        }
    }

    /** All links end, for that reason. */
    void closeAll(SessionEnd end, long nowNs) {
        retire();
        List.copyOf(members).forEach(member -> member.close(end, nowNs));
    }

    /** Nobody joins any more. */
    void retire() {
        ending = true;
        services.table().bundles().remove(key, this);
    }

    /** A link has ended. */
    void leave(Session session, long nowNs) {
        suspend(session, nowNs);
        departed.add(session.accounts().counters());
        members.remove(session);
        if (session == holder) {
            retire();
        }
        if (members.isEmpty()) {
            retire();
            reassembly.close();
            if (lent) {
                services.forwarding().remove(lineRow);
            }
        }
    }

    // ---- packets --------------------------------------------------------------------------------------------------

    /** Borrows a frame of a link; returns whether it belongs to the bundle rather than to that link alone. */
    boolean takes(Session link, ByteBuf frame, long nowNs) {
        if (handingBack) {
            holder.onBundleFrame(frame, nowNs);
            return true;
        }
        ByteBuf packet = frame.slice();
        int protocol = FrameHeader.readProtocol(packet);
        boolean taken = switch (protocol) {
            case PppProtocol.MULTILINK -> true;
            case PppProtocol.IPV4, PppProtocol.IPV6 -> lent || link != holder;
            case PppProtocol.IPCP, PppProtocol.IPV6CP -> link != holder;
            case PppProtocol.LCP -> link != holder && rejectsNetwork(packet);
            default -> false;
        };
        if (taken && !ending && carrying.contains(link)) {
            take(link, frame, protocol, packet, nowNs);
        }
        return taken;
    }

    private void take(Session link, ByteBuf frame, int protocol, ByteBuf packet, long nowNs) {
        switch (protocol) {
            case PppProtocol.MULTILINK -> {
                reassembly.onFragment(link.row(), packet, nowNs);
                deliver();
                services.deadlines().update(holder);
            }
            case PppProtocol.IPV4, PppProtocol.IPV6 -> { // without a multilink header it is a packet of the bundle, too
                count(link.row(), protocol, packet.readableBytes());
                up(services.allocator().buffer().writeBytes(frame.slice()));
            }
            default -> holder.onBundleFrame(frame, nowNs);
        }
    }

    /** A Protocol-Reject of what the bundle has concerns its holder, whichever link it comes on. */
    private static boolean rejectsNetwork(ByteBuf lcp) {
        return lcp.readableBytes() >= Code.HEADER_BYTES + PROTOCOL_BYTES
                && lcp.getUnsignedByte(lcp.readerIndex()) == Code.PROTOCOL_REJECT
                && lcp.getUnsignedShort(lcp.readerIndex() + Code.HEADER_BYTES) < NETWORK_PROTOCOLS_END;
    }

    private void deliver() {
        for (ByteBuf packet = reassembly.pollReceived(); packet != null; packet = reassembly.pollReceived()) {
            if (ending || isForbidden(packet.slice())) {
                packet.release();
                services.counts().count("bundle-packet-refused");
            } else {
                up(packet);
            }
        }
    }

    /** No link is negotiated or closed through the bundle (RFC 1990 section 2), and a fragment in a fragment is nonsense. */
    private static boolean isForbidden(ByteBuf packet) {
        int protocol = FrameHeader.readProtocol(packet);
        return protocol == PppProtocol.MULTILINK || protocol == PppProtocol.LCP && packet.isReadable()
                && packet.getUnsignedByte(packet.readerIndex()) < Code.CODE_REJECT;
    }

    /** Takes ownership. What forwarding does not forward it hands back at once, to the sink of the row. */
    private void up(ByteBuf packet) {
        handingBack = true;
        try {
            services.forwarding().injectUp(lineRow, packet);
        } finally {
            handingBack = false;
        }
    }

    @Override
    public void onFrame(int row, ByteBuf frame, long nowNs) {
        if (handingBack) {
            holder.onBundleFrame(frame, nowNs);
        } else {
            first.onFrame(first.row(), frame, nowNs); // it was on its way when the row was lent
        }
    }

    @Override
    public void onPacket(int row, ByteBuf ipPacket, long nowNs) { send(ipPacket); }

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

    // ---- time -----------------------------------------------------------------------------------------------------

    /** Returns when the holder has to look after the bundle, if there is one. */
    static long nextDeadlineNs(@Nullable Bundle bundle, Session session) {
        return bundle != null && bundle.isHolder(session) ? bundle.reassembly.nextDeadlineNs() : Long.MAX_VALUE;
    }

    /** Does what is due when it is the holder that is asked. */
    static void onTimeout(@Nullable Bundle bundle, Session session, long nowNs) {
        if (nextDeadlineNs(bundle, session) <= nowNs && bundle != null) {
            bundle.reassembly.onTimeout(nowNs);
            bundle.deliver();
        }
    }

    /** Returns the row of the packets of a session in this bundle, or that it has none. */
    int rowOf(Session session) {
        return session == holder ? lineRow : Forwarding.NO_ROW;
    }
}

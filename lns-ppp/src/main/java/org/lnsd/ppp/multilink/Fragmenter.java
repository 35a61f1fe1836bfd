package org.lnsd.ppp.multilink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.lnsd.ppp.frame.FrameHeader;
import org.lnsd.ppp.frame.PppProtocol;

/** Sends packets round the links of a bundle (RFC 1990 section 3). One thread at a time. */
public final class Fragmenter {
    private final BundleSettings settings;
    private final ByteBufAllocator allocator;
    private final List<Member> members = new ArrayList<>();
    private int nextMember;
    private int sequence;

    /** Takes the memory of frames from the allocator. */
    public Fragmenter(BundleSettings settings, ByteBufAllocator allocator) {
        this.settings = settings;
        this.allocator = allocator;
    }

    /**
     * One link.
     *
     * @param linkId what the shell calls it
     * @param peerMru the largest information field the peer takes on it, octets
     * @param addressControl frames carry FF03
     */
    public record Member(int linkId, int peerMru, boolean addressControl) {}

    /** Takes ownership of the frame on behalf of whoever sends it. */
    public interface Outlet {
        /** Sends an owned frame over that link, which carries the octets {@code from} to {@code to} of the packet. */
        void send(int linkId, ByteBuf frame, int from, int to);
    }

    /** A link joins. */
    public void addLink(Member member) {
        removeLink(member.linkId());
        members.add(member);
    }

    /** A link leaves. */
    public void removeLink(int linkId) { members.removeIf(member -> member.linkId() == linkId); }

    /** Both ends begin anew: the numbers, too. */
    public void reset() { sequence = 0; }

    /**
     * Borrows a packet, from its protocol field, and sends it whole or in fragments of equal size.
     *
     * @return false if it is longer than the peer's MRRU or there is no link
     */
    public boolean send(ByteBuf packet, Outlet outlet) {
        int packetBytes = packet.readableBytes();
        if (members.isEmpty() || packetBytes == 0 || packetBytes > settings.peerMrru() + 2) {
            return false;
        }
        int worthwhile = (packetBytes + settings.minimumFragmentBytes() - 1) / settings.minimumFragmentBytes();
        int parts = Math.min(worthwhile, members.size());
        int partBytes = Math.min((packetBytes + parts - 1) / parts, largestPart());
        for (int offset = 0; offset < packetBytes; offset += partBytes) {
            int length = Math.min(partBytes, packetBytes - offset);
            sendPart(packet, offset, length, outlet);
        }
        return true;
    }

    private int largestPart() {
        int smallestMru = Integer.MAX_VALUE;
        for (Member member : members) {
            smallestMru = Math.min(smallestMru, member.peerMru());
        }
        return Math.max(1, smallestMru - settings.sendFormat().headerBytes());
    }

    private void sendPart(ByteBuf packet, int offset, int length, Outlet outlet) {
        nextMember = (nextMember + 1) % members.size();
        Member member = members.get(nextMember);
        boolean begin = offset == 0;
        boolean end = offset + length == packet.readableBytes();
        ByteBuf frame = allocator.buffer(8 + length);
        FrameHeader.write(frame, PppProtocol.MULTILINK, member.addressControl());
        new MultilinkHeader(begin, end, sequence).write(frame, settings.sendFormat());
        frame.writeBytes(packet, packet.readerIndex() + offset, length);
        sequence = (sequence + 1) % settings.sendFormat().modulus();
        outlet.send(member.linkId(), frame, offset, offset + length);
    }
}

package org.lnsd.lac;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.forwarding.ControlSink;
import org.lnsd.daemon.forwarding.DropReason;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.ForwardingCounters;
import org.lnsd.daemon.forwarding.Networks;
import org.lnsd.daemon.forwarding.PuntSink;
import org.lnsd.daemon.forwarding.SessionCounters;
import org.lnsd.daemon.forwarding.SessionPath;
import org.lnsd.daemon.forwarding.TunnelPath;
import org.lnsd.l2tp.header.L2tpDataHeader;

/**
 * Forwarding without a device, hence without privileges: one UDP socket on the control loop, every IP packet from the LNS counted and
 * dropped, except IPv6 that the subscriber itself has to read. What set-up load needs; traffic goes through the daemon's own engine.
 */
final class PlainForwarding implements Forwarding {

    private static final int ADDRESS_CONTROL = 0xFF03;
    private static final int PROTOCOL_IPV4 = 0x0021;
    private static final int PROTOCOL_IPV6 = 0x0057;
    private static final int HEADROOM_BYTES = 16;
    private static final int IPV6_DESTINATION_OFFSET = 24;
    private static final int IPV6_HEADER_BYTES = 40;

    private final Int2ObjectHashMap<Row> rowsByIds = new Int2ObjectHashMap<>();
    private final List<@Nullable Row> rows = new ArrayList<>();
    private final Deque<Integer> freeRows = new ArrayDeque<>();
    private final Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    private final ControlSink controlSink;
    private final ByteBufAllocator allocator;
    private @Nullable TunnelSocket socket;
    private long controlMessages;
    private long packetsFromLns;
    private long octetsFromLns;
    private long puntedFrames;

    /** One session. */
    private static final class Row {
        final int number;
        final PuntSink sink;
        SessionPath path;
        final DataNumbering numbering;
        long packetsFromLns;
        long octetsFromLns;

        Row(int number, SessionPath path, PuntSink sink) {
            this.number = number;
            this.path = path;
            this.sink = sink;
            numbering = new DataNumbering(path.sequencing());
        }
    }

    PlainForwarding(ControlSink controlSink, ByteBufAllocator allocator) {
        this.controlSink = controlSink;
        this.allocator = allocator;
        for (DropReason reason : DropReason.values()) {
            drops.put(reason, 0L);
        }
    }

    /** Sends through the socket from now on; {@link #onDatagram} must be called for what it receives. */
    void bind(TunnelSocket through) {
        socket = through;
    }

    /** Borrows a datagram. */
    void onDatagram(InetSocketAddress local, InetSocketAddress peer, ByteBuf datagram, long nowNs) {
        int index = datagram.readerIndex();
        int lengthBytes = datagram.readableBytes();
        if (lengthBytes < L2tpDataHeader.MINIMUM_LENGTH_BYTES) {
            drop(DropReason.BAD_L2TP_HEADER);
            return;
        }
        int flags = L2tpDataHeader.flags(datagram, index);
        if (L2tpDataHeader.isControl(flags)) {
            controlMessages++;
            controlSink.onControl(local, peer, datagram, nowNs);
            return;
        }
        int payload = L2tpDataHeader.payloadOffset(datagram, index, lengthBytes);
        Optional<Row> row = payload == L2tpDataHeader.INVALID ? Optional.empty() : rowOf(datagram, index, flags);
        if (row.isEmpty()) {
            drop(payload == L2tpDataHeader.INVALID ? DropReason.BAD_L2TP_HEADER : DropReason.UNKNOWN_SESSION);
        } else if (!row.get().path.tunnel().peer().equals(peer)) {
            drop(DropReason.WRONG_PEER);
        } else {
            row.get().numbering.heard((flags & L2tpDataHeader.SEQUENCE_BIT) != 0);
            int endBytes = L2tpDataHeader.messageLength(datagram, index, flags, lengthBytes);
            onData(row.get(), datagram.slice(index + payload, endBytes - payload), nowNs);
        }
    }

    private Optional<Row> rowOf(ByteBuf datagram, int index, int flags) {
        int ids = key(L2tpDataHeader.tunnelId(datagram, index, flags),
                L2tpDataHeader.sessionId(datagram, index, flags));
        return Optional.ofNullable(rowsByIds.get(ids));
    }

    private void onData(Row row, ByteBuf frame, long nowNs) {
        int start = frame.readableBytes() >= Short.BYTES
                && frame.getUnsignedShort(frame.readerIndex()) == ADDRESS_CONTROL ? Short.BYTES : 0;
        if (frame.readableBytes() < start + Short.BYTES) {
            drop(DropReason.BAD_PPP_FRAME);
            return;
        }
        int first = frame.getUnsignedByte(frame.readerIndex() + start);
        boolean compressed = (first & 1) != 0;
        int protocol = compressed ? first : frame.getUnsignedShort(frame.readerIndex() + start);
        int packetOffset = frame.readerIndex() + start + (compressed ? 1 : Short.BYTES);
        int packetBytes = frame.writerIndex() - packetOffset;
        boolean packet = protocol == PROTOCOL_IPV4 || protocol == PROTOCOL_IPV6;
        if (!packet || (protocol == PROTOCOL_IPV6 && forSubscriber(frame, packetOffset, packetBytes))) {
            puntedFrames++;
            row.sink.onFrame(row.number, frame, nowNs);
        } else {
            packetsFromLns++;
            octetsFromLns += packetBytes;
            row.packetsFromLns++;
            row.octetsFromLns += packetBytes;
        }
    }

    /** Multicast or link-local destination: router advertisements, DHCPv6, neighbour discovery. */
    private static boolean forSubscriber(ByteBuf frame, int offset, int lengthBytes) {
        if (lengthBytes < IPV6_HEADER_BYTES) {
            return false;
        }
        int destination = frame.getUnsignedShort(offset + IPV6_DESTINATION_OFFSET);
        return destination >>> Byte.SIZE == 0xFF || (destination & 0xFFC0) == 0xFE80;
    }

    @Override
    public int install(SessionPath path, PuntSink sink) {
        Integer free = freeRows.poll();
        int number = free == null ? rows.size() : free;
        Row row = new Row(number, path, sink);
        if (free == null) {
            rows.add(row);
        } else {
            rows.set(number, row);
        }
        rowsByIds.put(key(path.tunnel().localTunnelId(), path.localSessionId()), row);
        return number;
    }

    @Override
    public void update(int row, SessionPath path) {
        Row installed = rows.get(row);
        if (installed != null) {
            installed.path = path;
        }
    }

    @Override
    public void attach(int row, Networks networks) {
        // packets are not looked at, so nothing depends on the addresses
    }

    @Override
    public void detach(int row) {
        // likewise
    }

    @Override
    public void remove(int row) {
        Row installed = rows.set(row, null);
        if (installed != null) {
            rowsByIds.remove(key(installed.path.tunnel().localTunnelId(), installed.path.localSessionId()));
            freeRows.add(row);
        }
    }

    @Override
    public void read(int row, SessionCounters into) {
        Row installed = rows.get(row);
        if (installed != null) {
            into.packetsIn = installed.packetsFromLns;
            into.octetsIn = installed.octetsFromLns;
        }
    }

    @Override
    public void sendFrame(int row, ByteBuf pppFrame) {
        Row installed = rows.get(row);
        if (installed == null) {
            pppFrame.release();
            return;
        }
        SessionPath path = installed.path;
        ByteBuf message = allocator.buffer(HEADROOM_BYTES + pppFrame.readableBytes());
        if (installed.numbering.isOn()) {
            L2tpDataHeader.writeSequenced(message, path.tunnel().peerTunnelId(), path.peerSessionId(),
                    installed.numbering.take(), 0);
        } else {
            L2tpDataHeader.write(message, path.tunnel().peerTunnelId(), path.peerSessionId());
        }
        message.writeBytes(pppFrame);
        pppFrame.release();
        send(path.tunnel().peer(), message);
    }

    @Override
    public void injectDown(int row, ByteBuf ipPacket) {
        if (!ipPacket.isReadable()) {
            ipPacket.release();
            return;
        }
        int version = ipPacket.getUnsignedByte(ipPacket.readerIndex()) >>> 4;
        ByteBuf frame = allocator.buffer(2 * Short.BYTES + ipPacket.readableBytes());
        frame.writeShort(ADDRESS_CONTROL).writeShort(version == 4 ? PROTOCOL_IPV4 : PROTOCOL_IPV6).writeBytes(ipPacket);
        ipPacket.release();
        sendFrame(row, frame);
    }

    @Override
    public void sendControl(TunnelPath path, ByteBuf l2tpControlMessage) { send(path.peer(), l2tpControlMessage); }

    private void send(InetSocketAddress peer, ByteBuf message) {
        TunnelSocket through = socket;
        if (through == null) {
            message.release();
        } else {
            through.send(peer, message);
        }
    }

    @Override
    public ForwardingCounters counters() {
        return new ForwardingCounters(packetsFromLns, octetsFromLns, 0, 0, Map.copyOf(drops), controlMessages,
                puntedFrames, 0, 0, 0, 0, List.of(), Map.of());
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
    }

    private void drop(DropReason reason) { drops.merge(reason, 1L, Long::sum); }

    private static int key(int tunnelId, int sessionId) { return tunnelId << Short.SIZE | sessionId; }
}

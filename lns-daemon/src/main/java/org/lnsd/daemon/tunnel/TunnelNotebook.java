package org.lnsd.daemon.tunnel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who the tunnels are with, in a file that outlives a crash: a LAC that still talks to a tunnel of the former process can
 * then be told that it is gone, instead of finding out by its own time-outs. The file is mapped, a note costs no system call.
 */
final class TunnelNotebook {

    private static final Logger LOG = LoggerFactory.getLogger(TunnelNotebook.class);
    private static final int SLOTS = 1 << 16;
    /** Peer's tunnel id, port, length of the address, three unused octets, address. */
    private static final int SLOT_BYTES = 24;
    private static final int ADDRESS_LENGTH_OFFSET = 4;
    private static final int ADDRESS_OFFSET = 8;

    private final ByteBuffer slots;
    private final Map<Integer, Former> formers = new HashMap<>();

    private TunnelNotebook(ByteBuffer slots) {
        this.slots = slots;
        for (int id = 1; id < SLOTS; id++) {
            Former former = read(id);
            if (former != null) {
                formers.put(id, former);
            }
        }
    }

    /** The peer of a tunnel of the former process. */
    record Former(InetSocketAddress peer, int peerTunnelId) {}

    /** Opens the notebook; where the folder cannot be written a crash will be forgotten, with a warning. */
    static TunnelNotebook open(Path stateDirectory) {
        Path file = stateDirectory.resolve("tunnels");
        ByteBuffer before = ByteBuffer.allocate(SLOTS * SLOT_BYTES);
        try {
            Files.createDirectories(stateDirectory);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE)) {
                occupy(channel, before);
                return new TunnelNotebook(channel.map(FileChannel.MapMode.READ_WRITE, 0, before.capacity()));
            }
        } catch (IOException refused) {
            LOG.warn("tunnel-notebook class=local file={} cause=\"{}\" effect=\"a crash will be forgotten\"", file,
                    refused.getMessage());
            return new TunnelNotebook(before);
        }
    }

    /** Writes all octets of the file, as they are: touching a hole of a mapped file is fatal when the disk is full. */
    private static void occupy(FileChannel channel, ByteBuffer before) throws IOException {
        while (before.hasRemaining() && channel.read(before) >= 0) {
            // until the buffer is full or the file ends
        }
        long formerBytes = channel.size();
        before.clear();
        ByteBuffer all = before.duplicate();
        try {
            while (all.hasRemaining()) {
                channel.write(all, all.position());
            }
        } catch (IOException full) {
            channel.truncate(formerBytes); // others need what is left
            throw full;
        }
    }

    private @Nullable Former read(int localTunnelId) {
        int slot = localTunnelId * SLOT_BYTES;
        int length = slots.get(slot + ADDRESS_LENGTH_OFFSET);
        if (length != 4 && length != 16) {
            return null;
        }
        byte[] address = new byte[length];
        slots.get(slot + ADDRESS_OFFSET, address);
        try {
            return new Former(new InetSocketAddress(InetAddress.getByAddress(address),
                    Short.toUnsignedInt(slots.getShort(slot + 2))), Short.toUnsignedInt(slots.getShort(slot)));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("4 and 16 octets are addresses", impossible);
        }
    }

    /** Returns the peer of a tunnel of the former process, null: there was none with that id. */
    @Nullable
    Former former(int localTunnelId) { return formers.get(localTunnelId); }

    /** Notes an established tunnel. */
    void note(int localTunnelId, InetSocketAddress peer, int peerTunnelId) {
        byte[] address = peer.getAddress().getAddress();
        int slot = localTunnelId * SLOT_BYTES;
        slots.putShort(slot, (short) peerTunnelId).putShort(slot + 2, (short) peer.getPort());
        slots.put(slot + ADDRESS_OFFSET, address).put(slot + ADDRESS_LENGTH_OFFSET, (byte) address.length);
        formers.remove(localTunnelId);
    }

    /** Strikes a tunnel out. */
    void strike(int localTunnelId) {
        slots.put(localTunnelId * SLOT_BYTES + ADDRESS_LENGTH_OFFSET, (byte) 0);
        formers.remove(localTunnelId);
    }
}

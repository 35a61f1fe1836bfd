package org.lnsd.daemon.forwarding;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.lnsd.tun.Memory;

/** Keeps all that a loop hands over. */
final class TestPunt implements Punt {
    /** PPP frames of sessions. */
    final List<byte[]> frames = new CopyOnWriteArrayList<>();
    /** IP packets for bundles. */
    final List<byte[]> packets = new CopyOnWriteArrayList<>();
    /** L2TP control messages. */
    final List<byte[]> control = new CopyOnWriteArrayList<>();
    /** How many frames of networks that were not up came. */
    int early;
    /** Whether those can wait. */
    boolean earlyTaken;

    @Override
    public boolean frame(int row, long address, int lengthBytes, long nowNs) {
        return frames.add(Memory.toArray(address, lengthBytes));
    }

    @Override
    public boolean packet(int row, long address, int lengthBytes, long nowNs) {
        return packets.add(Memory.toArray(address, lengthBytes));
    }

    @Override
    public boolean early(int row, long address, int lengthBytes) {
        early++;
        return earlyTaken;
    }

    @Override
    public boolean control(int index, int socketIndex, long address, int lengthBytes, long nowNs) {
        return control.add(Memory.toArray(address, lengthBytes));
    }
}

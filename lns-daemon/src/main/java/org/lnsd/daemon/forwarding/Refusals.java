package org.lnsd.daemon.forwarding;

import org.lnsd.tun.Memory;
import org.lnsd.tun.SendBatch;

/** Tells senders of packets that are not to get through: subscribers on their line, whatever its limits, and others through the device. One instance a loop. */
final class Refusals implements LimitGate.Refusal {
    private final Oversize oversize;
    private final Rows rows;
    private final SendBatch batch;
    private final Runnable flush;

    /** {@code flush} sends the batch. */
    Refusals(Oversize oversize, Rows rows, SendBatch batch, Runnable flush) {
        this.oversize = oversize;
        this.rows = rows;
        this.batch = batch;
        this.flush = flush;
    }

    @Override
    public void tellSubscriber(int row, long packet, int lengthBytes, long nowNs) {
        send(row, oversize.prohibited(packet, lengthBytes, nowNs));
    }

    @Override
    public void tellUnreachable(int row, long packet, int lengthBytes, long nowNs) {
        send(row, oversize.unreachable(packet, lengthBytes, Memory.getByte(packet) >>> 4 == 6, nowNs));
    }

    private void send(int row, int bytes) {
        if (bytes == 0) {
            return;
        }
        if (!batch.hasRoom()) {
            flush.run();
        }
        long word = rows.word(row);
        int header = L2tpDataHeader.lengthBytes(Rows.flags(word));
        long datagram = oversize.message() - header;
        boolean ipv6 = Memory.getByte(oversize.message()) >>> 4 == 6;
        L2tpDataHeader.write(datagram, rows, row, Rows.flags(word), ipv6);
        batch.datagram(rows.destination(Rows.tunnel(word)), header + bytes, row);
        batch.append(datagram, header + bytes);
        flush.run();
    }

    @Override
    public void tellOther(long packet, int lengthBytes, long nowNs) {
        oversize.tellProhibited(packet, lengthBytes, nowNs);
    }
}

package org.lnsd.daemon.forwarding;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.lnsd.tun.Coalescer;
import org.lnsd.tun.SendBatch;

/** Sums what the loops counted. */
@SuppressWarnings("EnumOrdinal")
final class CounterReader {
    private long packetsIn;
    private long octetsIn;
    private long packetsOut;
    private long octetsOut;
    private long controlMessages;
    private long punted;
    private long trainsToDevice;
    private long trainsToPeers;
    private long fallbacks;
    private long fragmented;
    private final Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    private final List<ForwardingCounters.ThreadCounters> threads = new ArrayList<>();

    private CounterReader() {
        for (DropReason reason : DropReason.values()) {
            drops.put(reason, 0L);
        }
    }

    static ForwardingCounters read(List<ForwardingLoop> loops, ControlPath controlPath,
            Map<String, Boolean> offloads) {
        CounterReader sum = new CounterReader();
        for (ForwardingLoop loop : loops) {
            sum.add(loop.counters(), loop.coalesced(), loop.sent());
        }
        sum.add(controlPath.counters(), controlPath.coalesced(), controlPath.sent());
        return new ForwardingCounters(sum.packetsIn, sum.octetsIn, sum.packetsOut, sum.octetsOut, sum.drops,
                sum.controlMessages, sum.punted,
                sum.trainsToDevice, sum.trainsToPeers, sum.fallbacks, sum.fragmented, List.copyOf(sum.threads),
                offloads);
    }

    private void add(LoopCounters counters, Coalescer.Stats coalesced, SendBatch.Stats sent) {
        packetsIn += counters.packetsIn;
        octetsIn += counters.octetsIn;
        packetsOut += counters.packetsOut;
        octetsOut += counters.octetsOut;
        controlMessages += counters.controlMessages;
        punted += counters.punted;
        fragmented += counters.fragmented;
        trainsToDevice += coalesced.trains;
        trainsToPeers += sent.trains;
        fallbacks += coalesced.refusedTrains + sent.refusedTrains;
        long dropped = 0;
        for (DropReason reason : DropReason.values()) {
            long count = counters.drops[reason.ordinal()] + switch (reason) {
                case TUN_WRITE -> coalesced.refusedPackets;
                case SEND_FULL -> sent.full;
                case SEND_ERROR -> sent.errors;
                default -> 0;
            };
            drops.merge(reason, count, Long::sum);
            dropped += count;
        }
        threads.add(new ForwardingCounters.ThreadCounters(threads.size(), counters.packetsIn, counters.packetsOut,
                dropped));
    }
}

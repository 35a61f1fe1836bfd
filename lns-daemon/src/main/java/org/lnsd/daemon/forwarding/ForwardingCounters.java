package org.lnsd.daemon.forwarding;

import java.util.List;
import java.util.Map;

/**
 * A reading of the forwarding plane; "in" is from the subscribers.
 *
 * @param drops              packets by reason, every reason present
 * @param controlMessages    L2TP control messages received
 * @param puntedFrames       PPP frames handed to the control loop
 * @param trainsToDevice     super-packets written to the TUN device
 * @param trainsToPeers      UDP_SEGMENT datagrams sent
 * @param offloadFallbacks   times that the kernel refused an offload and the path did without
 * @param sourceFragments    packets that were fragmented because the link's MTU is smaller
 * @param offloads           the offloads by name, and whether each is in use now
 */
public record ForwardingCounters(long packetsIn, long octetsIn, long packetsOut, long octetsOut,
        Map<DropReason, Long> drops,
        long controlMessages, long puntedFrames, long trainsToDevice, long trainsToPeers, long offloadFallbacks,
        long sourceFragments, List<ThreadCounters> threads, Map<String, Boolean> offloads) {

    /** One forwarding thread's share. */
    public record ThreadCounters(int thread, long packetsIn, long packetsOut, long drops) {}
}

package org.lnsd.daemon.forwarding;

import java.util.List;
import java.util.function.IntConsumer;
import org.lnsd.daemon.net.IpPrefix;

/**
 * The kernel routes of our sessions, with our own protocol number. Calls queue and return at once; a thread of its own
 * speaks netlink, many routes a message.
 */
public interface KernelRoutes extends AutoCloseable {
    /** Routes the prefix to the TUN device. Adding what is there already changes nothing. */
    void add(IpPrefix prefix);

    /** Takes the route away. Removing what is not there changes nothing. */
    void remove(IpPrefix prefix);

    /** Whether the route was asked for and is not made (or refused) yet. */
    boolean isUnderWay(IpPrefix prefix);

    /** Calls {@code then}, on the thread, when all that was asked for so far is done; it must not throw. */
    void afterwards(Runnable then);

    /**
     * The interface has been made anew, or was down, and the kernel has forgotten: puts back what is missing.
     *
     * @param interfaceIndex the interface from now on
     * @param done is told, on the thread, how many routes were put back
     */
    void renew(int interfaceIndex, IntConsumer done);

    /** The port that the kernel names when it tells others of our changes; 0: none. */
    int netlinkPort();

    /** The routes that are in the kernel by our doing: what was asked for and not refused. */
    List<IpPrefix> installed();

    /** Routes that the kernel refused so far. */
    long failures();

    /** Waits until the queue is worked off, at most the given time; removes all our routes if asked; ends the thread. */
    void close(boolean removeAll, long timeoutNs);

    @Override
    default void close() { close(true, 5_000_000_000L); }
}

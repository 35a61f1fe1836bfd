package org.lnsd.daemon.session;

import io.netty.buffer.ByteBufAllocator;
import java.util.random.RandomGenerator;
import org.lnsd.daemon.aaa.Aaa;
import org.lnsd.daemon.aaa.AcctSessionIds;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.history.HistoryArchive;
import org.lnsd.daemon.loop.ControlLoop;
import org.lnsd.daemon.loop.DeadlineTable;

/**
 * What all sessions share.
 *
 * @param loop       owns every session
 * @param deadlines  of that loop
 * @param forwarding passes the packets
 * @param routes     of the kernel
 * @param aaa        says who subscribers are
 * @param table      of all sessions
 * @param counts     of events by name
 * @param history    the flight recorder
 * @param allocator  of frames
 * @param random     for challenges, magic numbers and interface identifiers
 * @param ids        of accounting
 * @param linkServices makes what a link offers above IPv6CP
 * @param lines      what lines may be given by name
 */
public record SessionServices(ControlLoop loop, DeadlineTable deadlines, Forwarding forwarding, SessionRoutes routes,
        Aaa aaa, SessionTable table, SessionCounts counts, HistoryArchive history, ByteBufAllocator allocator,
        RandomGenerator random, AcctSessionIds ids, LinkServicesFactory linkServices, LineCatalog lines) {}

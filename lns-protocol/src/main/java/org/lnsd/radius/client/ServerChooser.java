package org.lnsd.radius.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** Chooses the server for a request. */
final class ServerChooser<C> {
    private final List<Server<C>> servers;
    private final ServerPolicy policy;

    ServerChooser(List<Server<C>> servers, ServerPolicy policy) {
        this.servers = servers;
        this.policy = policy;
    }

    /** A living server with room among {@code candidates} (a bit each); null: none, or the first in order has enough to do. */
    @Nullable
    Server<C> choose(long candidates) {
        return switch (policy) {
            case ORDERED -> {
                Server<C> first = first(candidates);
                yield first == null || first.isBusy() ? null : first;
            }
            case ROUND_ROBIN -> inTurn(candidates);
            case LEAST_LOADED -> leastLoaded(candidates);
        };
    }

    /** Whether one of {@code candidates} lives, with room or without. */
    boolean anyUsable(long candidates) {
        return servers.stream().anyMatch(server -> isIn(server, candidates) && server.isUsable());
    }

    /** A server that is thought dead but can be tried; null: none. */
    @Nullable
    Server<C> chooseDead(long candidates) {
        for (Server<C> server : servers) {
            if (isIn(server, candidates) && server.hasRoom()) {
                return server;
            }
        }
        return null;
    }

    private @Nullable Server<C> first(long candidates) {
        for (Server<C> server : servers) {
            if (isCandidate(server, candidates)) {
                return server;
            }
        }
        return null;
    }

    // Smooth weighted round robin: each gains its weight, the richest is taken and pays the sum of all.
    private @Nullable Server<C> inTurn(long candidates) {
        Server<C> richest = null;
        long sum = 0;
        for (Server<C> server : servers) {
            if (isCandidate(server, candidates) && !server.isBusy()) {
                server.balance += server.settings.weight();
                sum += server.settings.weight();
                richest = richest == null || server.balance > richest.balance ? server : richest;
            }
        }
        if (richest != null) {
            richest.balance -= sum;
        }
        return richest;
    }

    private @Nullable Server<C> leastLoaded(long candidates) {
        Server<C> best = null;
        for (Server<C> server : servers) {
            if (isCandidate(server, candidates) && !server.isBusy() && (best == null || load(server) < load(best))) {
                best = server;
            }
        }
        return best;
    }

    private double load(Server<C> server) { return (double) server.inFlight() / server.settings.weight(); }

    private boolean isCandidate(Server<C> server, long candidates) {
        return isIn(server, candidates) && server.isUsable() && server.hasRoom();
    }

    private boolean isIn(Server<C> server, long candidates) { return (candidates >>> server.number & 1) != 0; }
}

package org.lnsd.daemon.session;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;

/** All sessions, by id, user and address. Changed by the control loop only; anybody may read. */
public final class SessionTable {

    private final Map<String, Session> byId = new ConcurrentHashMap<>();
    private final Map<String, Set<Session>> byUser = new ConcurrentHashMap<>();
    private final Map<InetAddress, Session> byAddress = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> byPeer = new ConcurrentHashMap<>();
    private final Map<String, Bundle> bundles = new ConcurrentHashMap<>();
    private final Map<SessionState, AtomicInteger> byState = new EnumMap<>(SessionState.class);

    /** Begins empty. */
    public SessionTable() {
        for (SessionState state : SessionState.values()) {
            byState.put(state, new AtomicInteger());
        }
    }

    private AtomicInteger counter(SessionState state) { return byState.getOrDefault(state, new AtomicInteger()); }

    /** Returns all sessions; a live view that never throws while they come and go. */
    public Collection<Session> all() {
        return byId.values();
    }

    /** Returns how many there are. */
    public int size() { return byId.size(); }

    /** Returns how many there are of a configured LAC. */
    public int sizeOf(String peerName) {
        AtomicInteger count = byPeer.get(peerName);
        return count == null ? 0 : count.get();
    }

    /** Returns the session of an id. */
    public Optional<Session> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Returns the authenticated sessions of a user. */
    public Collection<Session> ofUser(String user) {
        return byUser.getOrDefault(user, Set.of());
    }

    /** Returns the sessions that a text names: an id, a user, or an address that a session has. */
    public Collection<Session> named(String text) {
        Session byItsId = byId.get(text);
        if (byItsId != null) {
            return List.of(byItsId);
        }
        Collection<Session> users = ofUser(text);
        if (!users.isEmpty()) {
            return users;
        }
        int slash = text.indexOf('/');
        Optional<InetAddress> address = IpAddresses.parse(slash < 0 ? text : text.substring(0, slash));
        return address.map(this::ofAddress).orElse(List.of());
    }

    /** Returns how many sessions are in each state. */
    public Map<SessionState, Integer> states() {
        Map<SessionState, Integer> states = new EnumMap<>(SessionState.class);
        for (SessionState state : SessionState.values()) {
            states.put(state, counter(state).get());
        }
        return states;
    }

    /** Returns the multilink bundles by their key; changed by the control loop only. */
    Map<String, Bundle> bundles() {
        return bundles;
    }

    void add(Session session) {
        byId.put(session.id(), session);
        byPeer.computeIfAbsent(session.control().peer().name(), _ -> new AtomicInteger()).incrementAndGet();
        counter(session.state()).incrementAndGet();
    }

    void moved(SessionState from, SessionState to) {
        counter(from).decrementAndGet();
        if (to != SessionState.ENDED) {
            counter(to).incrementAndGet();
        }
    }

    void authenticated(Session session, String user) {
        Set<Session> former = byUser.get(user);
        if (former == null) {
            byUser.put(user, Set.of(session)); // the usual case costs one small object
        } else if (former.size() == 1) {
            Set<Session> several = ConcurrentHashMap.newKeySet();
            several.addAll(former);
            several.add(session);
            byUser.put(user, several);
        } else {
            former.add(session);
        }
    }

    void remove(Session session) {
        if (byId.remove(session.id()) != null) {
            AtomicInteger count = byPeer.get(session.control().peer().name());
            if (count != null) {
                count.decrementAndGet();
            }
        }
        forget(session, session.user());
    }

    void forget(Session session, String user) {
        Set<Session> sessions = byUser.get(user);
        if (sessions == null || !sessions.contains(session)) {
            return;
        }
        if (sessions.size() == 1) {
            byUser.remove(user);
        } else if (sessions.size() == 2) {
            byUser.put(user, Set.of(sessions.stream().filter(other -> other != session).findAny().orElseThrow()));
        } else {
            sessions.remove(session);
        }
    }

    /** Takes note of the addresses that a session has now instead of former ones. */
    void attached(Session session, List<IpPrefix> former, List<IpPrefix> now) {
        former.stream().filter(SessionTable::isHost).forEach(host -> byAddress.remove(host.address(), session));
        now.stream().filter(SessionTable::isHost).forEach(host -> byAddress.put(host.address(), session));
    }

    private static boolean isHost(IpPrefix network) { return network.length() == (network.isIpv4() ? 32 : 128); }

    /** The session that has the address as its own, else those whose prefixes hold it. */
    private List<Session> ofAddress(InetAddress address) {
        Session owner = byAddress.get(address);
        if (owner != null) {
            return List.of(owner);
        }
        boolean ipv4 = address instanceof Inet4Address;
        return byId.values().stream().filter(session -> session.networks().stream()
                .anyMatch(network -> network.isIpv4() == ipv4 && network.contains(address))).toList();
    }
}

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
import org.lnsd.daemon.table.KeyedTable;
import org.lnsd.daemon.table.SharedValues;
import org.lnsd.ppp.multilink.FragmentMemory;

/** All sessions, by id, user and address. Changed by the control loop only; anybody may read. */
public final class SessionTable {

    private static final Inet4Address NO_ADDRESS = IpAddresses.ofInt(0);

    /** Of the 512 MiB of direct memory; each fragment is given up after half a second at the latest. */
    private static final int FRAGMENT_BYTES = 32 << 20;

    private final KeyedTable<String, Session> byId = new KeyedTable<>(Session::id);
    private final KeyedTable<String, UserEntry> byUser = new KeyedTable<>(UserEntry::user);
    /** By the address that it was granted. */
    private final KeyedTable<InetAddress, Session> byIpv4 = new KeyedTable<>(SessionTable::ipv4);
    /** By addresses beside that one: of IPv6, and single ones that are routed to it. */
    private final Map<InetAddress, Session> byOtherAddress = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> byPeer = new ConcurrentHashMap<>();
    private final Map<String, Bundle> bundles = new ConcurrentHashMap<>();
    private final FragmentMemory fragmentMemory = new FragmentMemory(FRAGMENT_BYTES);
    private final Map<SessionState, AtomicInteger> byState = new EnumMap<>(SessionState.class);
    private final SharedValues shared = new SharedValues();

    /** The sessions of a user: mostly one, which then stands for itself. */
    sealed interface UserEntry permits Session, Namesakes {
        String user();
    }

    /** Several sessions of one user. */
    record Namesakes(String user, Set<Session> sessions) implements UserEntry {
        /** Two of them; more may be added. */
        static Namesakes of(Session one, Session other) {
            Set<Session> both = ConcurrentHashMap.newKeySet();
            both.add(one);
            both.add(other);
            return new Namesakes(one.user(), both);
        }
    }

    /** Begins empty. */
    public SessionTable() {
        for (SessionState state : SessionState.values()) {
            byState.put(state, new AtomicInteger());
        }
    }

    private AtomicInteger counter(SessionState state) { return byState.getOrDefault(state, new AtomicInteger()); }

    /** Returns all sessions as they are now. */
    public Collection<Session> all() { return byId.values(); }

    /** Returns how many there are. */
    public int size() { return byId.size(); }

    /** Returns how many there are of a configured LAC. */
    public int sizeOf(String peerName) {
        AtomicInteger count = byPeer.get(peerName);
        return count == null ? 0 : count.get();
    }

    /** Returns the session of an id. */
    public Optional<Session> find(String id) { return byId.find(id); }

    /** Returns the authenticated sessions of a user. */
    public Collection<Session> ofUser(String user) {
        UserEntry entry = byUser.find(user).orElse(null);
        return switch (entry) {
            case null -> Set.of();
            case Session session -> List.of(session);
            case Namesakes several -> several.sessions();
        };
    }

    /** Returns the sessions that a text names: an id, a user, or an address that a session has. */
    public Collection<Session> named(String text) {
        Optional<Session> byItsId = byId.find(text);
        if (byItsId.isPresent()) {
            return List.of(byItsId.get());
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

    /** Returns the memory of fragments of all bundles; of the control loop only. */
    FragmentMemory fragmentMemory() {
        return fragmentMemory;
    }

    /** Returns the multilink bundles by their key; changed by the control loop only. */
    Map<String, Bundle> bundles() {
        return bundles;
    }

    /** Returns what sessions share that have equal values of it; for the control loop. */
    SharedValues shared() {
        return shared;
    }

    void add(Session session) {
        byId.put(session);
        byPeer.computeIfAbsent(session.control().peer().name(), _ -> new AtomicInteger()).incrementAndGet();
        counter(session.state()).incrementAndGet();
    }

    void moved(SessionState from, SessionState to) {
        counter(from).decrementAndGet();
        if (to != SessionState.ENDED) {
            counter(to).incrementAndGet();
        }
    }

    /** Takes note of a session whose user is known now. */
    void authenticated(Session session) {
        UserEntry former = byUser.find(session.user()).orElse(null);
        switch (former) {
            case null -> byUser.put(session);
            case Session other when other == session -> {}
            case Session other -> byUser.put(Namesakes.of(other, session));
            case Namesakes several -> several.sessions().add(session);
        }
    }

    void remove(Session session) {
        if (byId.remove(session)) {
            AtomicInteger count = byPeer.get(session.control().peer().name());
            if (count != null) {
                count.decrementAndGet();
            }
        }
        forget(session);
    }

    /** The session has its user no longer. */
    void forget(Session session) {
        UserEntry entry = byUser.find(session.user()).orElse(null);
        if (entry instanceof Namesakes several) {
            several.sessions().remove(session);
            if (several.sessions().size() == 1) {
                byUser.put(several.sessions().iterator().next());
            }
        } else if (entry == session) {
            byUser.remove(session);
        }
    }

    /** Takes note of the addresses that a session has now instead of former ones. */
    void attached(Session session, List<IpPrefix> former, List<IpPrefix> now) {
        for (IpPrefix network : former) {
            if (isHost(network) && network.address().equals(ipv4(session))) {
                byIpv4.remove(session);
            } else if (isHost(network)) {
                byOtherAddress.remove(network.address(), session);
            }
        }
        for (IpPrefix network : now) {
            if (isHost(network) && network.address().equals(ipv4(session))) {
                byIpv4.put(session);
            } else if (isHost(network)) {
                byOtherAddress.put(network.address(), session);
            }
        }
    }

    /** The address that the session was granted, 0.0.0.0 where none: the same as long as it is attached. */
    private static InetAddress ipv4(Session session) {
        SessionGrant grant = session.networkPart().grant();
        return grant == null ? NO_ADDRESS : grant.addresses().ipv4().orElse(NO_ADDRESS);
    }

    private static boolean isHost(IpPrefix network) { return network.length() == (network.isIpv4() ? 32 : 128); }

    /** The session that has the address as its own, else those whose prefixes hold it. */
    private List<Session> ofAddress(InetAddress address) {
        Optional<Session> owner = byIpv4.find(address)
                .or(() -> Optional.ofNullable(byOtherAddress.get(address)));
        if (owner.isPresent()) {
            return List.of(owner.get());
        }
        boolean ipv4 = address instanceof Inet4Address;
        return byId.values().stream().filter(session -> session.networks().stream()
                .anyMatch(network -> network.isIpv4() == ipv4 && network.contains(address))).toList();
    }
}

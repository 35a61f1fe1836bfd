package org.lnsd.daemon.session;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lnsd.daemon.config.AddressControl;
import org.lnsd.daemon.config.AuthenticationMethod;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.PeerConfig;
import org.lnsd.daemon.config.PeerTuning;
import org.lnsd.daemon.config.PppConfig;
import org.lnsd.daemon.config.ProxyPolicy;
import org.lnsd.daemon.filter.FilterRule;
import org.lnsd.daemon.pool.Pools;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.link.LinkSettings;

/**
 * What follows from one configuration for all new sessions, built once and shared by them. A reload replaces it; sessions
 * that are up keep the one that they began with.
 *
 * @param configuration what it was made of
 * @param link          how a link negotiates
 * @param links         how those of some LACs do, by the name of the LAC
 * @param assigner      gives addresses
 * @param interfaceId   our interface identifier on every line
 */
public record SessionSettings(Configuration configuration, LinkSettings link, Map<String, LinkSettings> links,
        AddressAssigner assigner, long interfaceId) {

    private static final int MINIMUM_MRRU = 1500;
    private static final int MAXIMUM_DISCRIMINATOR_BYTES = 20;
    private static final long UNIVERSAL_BIT = 0x0200_0000_0000_0000L;

    /** Derives the settings from a configuration. */
    public static SessionSettings of(Configuration configuration, Pools pools) {
        Map<String, LinkSettings> links = new LinkedHashMap<>();
        configuration.l2tp().peers().stream().filter(peer -> !peer.tuning().isUsualLink())
                .forEach(peer -> links.put(peer.name(), link(configuration, peer.tuning())));
        return new SessionSettings(configuration, link(configuration, PeerTuning.NONE), Map.copyOf(links),
                new AddressAssigner(pools, configuration.pools()), interfaceId(configuration.node().name()));
    }

    /**
     * RFC 5072 section 4.1: the same after each negotiation and each start, so that a subscriber keeps its default router; it is
     * derived from our name, which is no IEEE identifier, so the universal bit is clear.
     */
    static long interfaceId(String name) {
        byte[] digest;
        try {
            digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java has SHA-256", absent);
        }
        return ByteBuffer.wrap(digest).getLong() & ~UNIVERSAL_BIT;
    }

    /** Returns how the link of a subscriber of that LAC negotiates. */
    LinkSettings linkOf(PeerConfig peer) {
        return links.getOrDefault(peer.name(), link);
    }

    /** Returns whether what that LAC has negotiated is taken over where it fits. */
    boolean takesProxyOf(PeerConfig peer) {
        return peer.tuning().proxy().orElse(configuration.ppp().proxy()) == ProxyPolicy.ACCEPT;
    }

    /** The lists of rules of a configuration by name. */
    public static Map<String, List<FilterRule>> filters(Configuration configuration) {
        Map<String, List<FilterRule>> lists = new LinkedHashMap<>();
        configuration.filters().forEach(filter -> lists.put(filter.name(), filter.rules()));
        return lists;
    }

    public PppConfig ppp() { return configuration.ppp(); }

    Inet4Address ourAddress() { return configuration.ppp().address(); }

    static long nanos(Duration duration) { return duration.toNanos(); }

    private static LinkSettings link(Configuration configuration, PeerTuning tuning) {
        PppConfig ppp = configuration.ppp();
        int mru = tuning.mru().orElse(ppp.mru());
        List<AuthenticationProtocol> authentication = new ArrayList<>();
        ppp.authentication().forEach(method -> authentication.add(protocol(method)));
        int mrru = ppp.multilink() ? Math.max(MINIMUM_MRRU, mru) : 0;
        return LinkSettings.server().mrru(mrru).shortSequenceNumbers(ppp.shortSequenceNumbers())
                .endpointDiscriminator(mrru == 0 ? List.of() : discriminator(configuration.node().name()))
                .authentication(authentication).mru(mru)
                .alwaysFf03(tuning.addressControl() == AddressControl.ALWAYS)
                .echoIntervalNs(ppp.echo().interval().toNanos()).echoFailures(Math.max(1, ppp.echo().failures()))
                .restartTimerNs(ppp.restartTimer().toNanos()).maxConfigure(ppp.maximumConfigure())
                .maxTerminate(ppp.maximumTerminate()).maxFailure(ppp.maximumFailure())
                .authenticationTimeoutNs(ppp.authenticationTimeout().toNanos()).ourName(configuration.node().name())
                .recordNegotiation(configuration.history().eventsPerSession() > 0).build();
    }

    /** RFC 1990 section 5.1.3: class 1, locally assigned, with at most 20 octets: our name. */
    private static List<Byte> discriminator(String name) {
        List<Byte> octets = new ArrayList<>();
        octets.add((byte) 1);
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            if (octets.size() <= MAXIMUM_DISCRIMINATOR_BYTES) {
                octets.add(octet);
            }
        }
        return octets;
    }

    private static AuthenticationProtocol protocol(AuthenticationMethod method) {
        return switch (method) {
            case PAP -> AuthenticationProtocol.PAP;
            case CHAP -> AuthenticationProtocol.CHAP_MD5;
            case MSCHAPV2 -> AuthenticationProtocol.MSCHAPV2;
        };
    }
}

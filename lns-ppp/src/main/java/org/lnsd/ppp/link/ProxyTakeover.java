package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.auth.AuthenticationText;
import org.lnsd.ppp.auth.ChapMd5;
import org.lnsd.ppp.auth.Credentials;
import org.lnsd.ppp.auth.MsChapV2;
import org.lnsd.ppp.fsm.Verdict;
import org.lnsd.ppp.option.Option;
import org.lnsd.ppp.option.Options;

/**
 * What of the LAC's negotiation can stand (RFC 2661 section 4.4.5): LCP when every option would have been agreed
 * here as well, the credentials when they belong to a protocol that is allowed.
 *
 * @param ours options the LAC sent to the peer and the peer acknowledged
 * @param peers options the peer sent and the LAC acknowledged
 * @param credentials empty: we have to ask the peer ourselves
 */
record ProxyTakeover(List<Option> ours, List<Option> peers, Optional<Credentials> credentials) {
    private static final int DEFAULT_MRU = 1500;
    private static final int TYPE_CHAP = 2;
    private static final int TYPE_PAP = 3;
    /** A LAC's challenge shorter than this proves too little. */
    private static final int MINIMUM_CHALLENGE_BYTES = 8;

    /** Returns what stands, or empty if LCP has to be negotiated by us. */
    static Optional<ProxyTakeover> evaluate(ProxyNegotiation proxy, LinkSettings settings, LcpPolicy policy) {
        Optional<List<Option>> ours = decode(proxy.lastSentConfreq());
        Optional<List<Option>> peers = decode(proxy.lastReceivedConfreq());
        if (ours.isEmpty() || peers.isEmpty() || !oursFit(ours.get(), settings)
                || !peersFit(peers.get(), settings, policy)) {
            return Optional.empty();
        }
        Optional<AuthenticationProtocol> agreed = Options.find(ours.get(), LcpOption.AUTHENTICATION_PROTOCOL)
                .flatMap(AuthenticationOption::read);
        return Optional.of(new ProxyTakeover(ours.get(), peers.get(), agreed.flatMap(how -> credentials(proxy, how))));
    }

    private static Optional<List<Option>> decode(byte @Nullable [] confreq) {
        if (confreq == null) {
            return Optional.empty();
        }
        ByteBuf octets = Unpooled.wrappedBuffer(confreq);
        if (hasPacketHeader(confreq)) {
            octets.skipBytes(4);
        }
        return Options.decode(octets);
    }

    /** Some LACs send the whole packet; an option list cannot begin like that (its first option would be an MRU below 256). */
    private static boolean hasPacketHeader(byte[] confreq) {
        return confreq.length > 4 && confreq.length < 256 && confreq[0] == 1 && confreq[2] == 0
                && (confreq[3] & 0xff) == confreq.length;
    }

    /** What the LAC promised in our name must be what we would promise. */
    private static boolean oursFit(List<Option> ours, LinkSettings settings) {
        for (Option option : ours) {
            boolean fits = switch (option.type()) {
                case LcpOption.MRU -> option.dataBytes() == 2 && option.number(2) >= settings.minimumPeerMru();
                case LcpOption.ACCM -> option.dataBytes() == 4;
                case LcpOption.MAGIC_NUMBER -> option.dataBytes() == 4 && option.number(4) != 0;
                case LcpOption.PFC, LcpOption.ACFC -> option.dataBytes() == 0;
                case LcpOption.AUTHENTICATION_PROTOCOL ->
                    AuthenticationOption.read(option).filter(settings.authentication()::contains).isPresent();
                case LcpOption.MRRU -> settings.mrru() > 0 && option.dataBytes() == 2
                        && option.number(2) <= settings.mrru();
                case LcpOption.SHORT_SEQUENCE_NUMBER -> settings.mrru() > 0 && settings.shortSequenceNumbers();
                case LcpOption.ENDPOINT_DISCRIMINATOR -> settings.mrru() > 0;
                default -> false;
            };
            if (!fits) {
                return false;
            }
        }
        long promisedMru = Options.find(ours, LcpOption.MRU).map(option -> option.number(2)).orElse((long) DEFAULT_MRU);
        boolean demands = Options.find(ours, LcpOption.AUTHENTICATION_PROTOCOL).isPresent();
        return promisedMru <= settings.mru() && (demands || settings.authentication().isEmpty());
    }

    /** An MRU beyond ours is more than a line below us carries: it is asked for again. */
    private static boolean peersFit(List<Option> peers, LinkSettings settings, LcpPolicy policy) {
        for (Option option : peers) {
            boolean tooLarge = option.type() == LcpOption.MRU && option.dataBytes() == 2
                    && option.number(2) > Math.max(settings.mru(), DEFAULT_MRU);
            if (tooLarge || !policy.judge(option).equals(Verdict.ACK)) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Credentials> credentials(ProxyNegotiation proxy, AuthenticationProtocol agreed) {
        byte[] name = proxy.authenName();
        byte[] response = proxy.authenResponse();
        if (name == null || response == null) {
            return Optional.empty();
        }
        String user = AuthenticationText.decode(name);
        if (agreed == AuthenticationProtocol.PAP) {
            return proxy.authenType() == TYPE_PAP
                    ? Optional.of(new Credentials.Pap(user, response.clone()))
                    : Optional.empty();
        }
        byte[] challenge = proxy.authenChallenge();
        if (challenge == null || proxy.authenId() < 0 || proxy.authenType() < TYPE_CHAP) {
            return Optional.empty();
        }
        return chap(user, proxy.authenId() & 0xff, challenge.clone(), response, agreed);
    }

    private static Optional<Credentials> chap(String user, int id, byte[] challenge, byte[] response,
            AuthenticationProtocol agreed) {
        if (agreed == AuthenticationProtocol.MSCHAPV2) {
            boolean fits = challenge.length == MsChapV2.CHALLENGE_BYTES && response.length == MsChapV2.RESPONSE_BYTES;
            return fits ? Optional.of(ServerAuthentication.msChapV2(user, id, challenge, response)) : Optional.empty();
        }
        boolean fits = challenge.length >= MINIMUM_CHALLENGE_BYTES && response.length == ChapMd5.RESPONSE_BYTES;
        return fits
                ? Optional.of(new Credentials.Chap(user, id, challenge, Arrays.copyOf(response, response.length)))
                : Optional.empty();
    }

    /** Returns the protocol the LAC and the peer agreed on. */
    Optional<AuthenticationProtocol> authentication() {
        return Options.find(ours, LcpOption.AUTHENTICATION_PROTOCOL).flatMap(AuthenticationOption::read);
    }
}

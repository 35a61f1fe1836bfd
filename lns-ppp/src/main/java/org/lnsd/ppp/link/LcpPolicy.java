package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.fsm.OptionPolicy;
import org.lnsd.ppp.fsm.Verdict;
import org.lnsd.ppp.option.Option;
import org.lnsd.ppp.option.Options;

/** What we ask of LCP and what we take (RFC 1661 section 6, RFC 1990 section 5.1). */
final class LcpPolicy implements OptionPolicy {
    private static final int DEFAULT_MRU = 1500;
    private static final int MINIMUM_MRRU = 128;
    private static final int DEFAULT_ACCM = 0xffffffff;
    /** Times that our own magic number comes back before the link is taken for a loop. */
    private static final int LOOPS_TOLERATED = 5;

    private final LinkSettings settings;
    private final RandomGenerator random;

    private int refusedTypes;
    private int localMru;
    private int localMagic;
    private int suggestedMagic;
    private int loopsSeen;
    private int authenticationIndex;
    /** One bit for each of those allowed that the peer did not take. */
    private int refusedAuthentications;
    private int localMrru;
    private int peerMru = DEFAULT_MRU;
    private int peerMagic;
    private int peerAccm = DEFAULT_ACCM;
    private boolean peerTakesAcfc;
    private boolean peerTakesPfc;
    private int peerMrru;
    private boolean peerShortSequence;
    private List<Byte> peerDiscriminator = List.of();
    private @Nullable AuthenticationProtocol demandedByPeer;
    private boolean proxied;
    private @Nullable LinkAdvice advice;
    private int localAccm = DEFAULT_ACCM;
    private List<Option> peerOptions = List.of();
    private DownCause.Reason failure = DownCause.Reason.LCP_FAILED;

    LcpPolicy(LinkSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        begin();
    }

    /** From the next negotiation on LCP follows the LAC's advice, and the peer's options are kept. */
    void advise(LinkAdvice given) {
        advice = given;
        begin();
    }

    private int largestLocalMru() {
        LinkAdvice given = advice;
        return given == null ? settings.mru() : Math.min(settings.mru(), given.localMru().orElse(settings.mru()));
    }

    @Override
    public void begin() {
        LinkAdvice given = advice;
        refusedTypes = 0;
        localMru = largestLocalMru();
        localAccm = given == null ? DEFAULT_ACCM : given.localAccm().orElse(DEFAULT_ACCM);
        localMrru = settings.mrru();
        localMagic = freshMagic();
        authenticationIndex = 0;
        refusedAuthentications = 0;
        proxied = false;
        peerAgreed(List.of());
    }

    /** Returns a magic number that is neither 0 nor ours nor the last suggested. */
    private int freshMagic() {
        int magic;
        do {
            magic = random.nextInt();
        } while (magic == 0 || magic == localMagic || magic == suggestedMagic);
        return magic;
    }

    @Override
    public List<Option> request() {
        var wishes = new ArrayList<Option>(8);
        wish(wishes, Option.of16(LcpOption.MRU, localMru));
        if (localAccm != DEFAULT_ACCM) {
            wish(wishes, Option.of32(LcpOption.ACCM, localAccm));
        }
        demand().ifPresent(demanded -> wish(wishes, AuthenticationOption.of(demanded)));
        wish(wishes, Option.of32(LcpOption.MAGIC_NUMBER, localMagic));
        if (settings.offerPfc()) {
            wish(wishes, Option.flag(LcpOption.PFC));
        }
        if (settings.offerAcfc()) {
            wish(wishes, Option.flag(LcpOption.ACFC));
        }
        if (settings.mrru() > 0) {
            addMultilink(wishes);
        }
        return wishes;
    }

    private void addMultilink(List<Option> wishes) {
        if (isRefused(LcpOption.MRRU)) {
            return;
        }
        wish(wishes, Option.of16(LcpOption.MRRU, localMrru));
        if (settings.shortSequenceNumbers()) {
            wish(wishes, Option.flag(LcpOption.SHORT_SEQUENCE_NUMBER));
        }
        List<Byte> discriminator = settings.endpointDiscriminator();
        if (!discriminator.isEmpty()) {
            byte[] octets = new byte[discriminator.size()];
            for (int index = 0; index < octets.length; index++) {
                octets[index] = discriminator.get(index);
            }
            wish(wishes, Option.of(LcpOption.ENDPOINT_DISCRIMINATOR, octets));
        }
    }

    private void wish(List<Option> wishes, Option option) {
        if (!isRefused(option.type())) {
            wishes.add(option);
        }
    }

    private boolean isRefused(int type) { return (refusedTypes & 1 << type) != 0; }

    private void refuse(int type) {
        if (type < Integer.SIZE) {
            refusedTypes |= 1 << type;
        }
    }

    /** What we demand of the peer; a client demands nothing. */
    private Optional<AuthenticationProtocol> demand() {
        return settings.role() == Role.SERVER && !settings.authentication().isEmpty()
                ? Optional.of(settings.authentication().get(authenticationIndex))
                : Optional.empty();
    }

    @Override
    public Verdict judge(Option option) {
        return switch (option.type()) {
            case LcpOption.MRU -> judgeMru(option);
            case LcpOption.ACCM ->
                option.dataBytes() == 4 ? Verdict.ACK : new Verdict.Nak(Option.of32(LcpOption.ACCM, 0));
            case LcpOption.AUTHENTICATION_PROTOCOL -> judgeAuthentication(option);
            case LcpOption.MAGIC_NUMBER -> judgeMagic(option);
            case LcpOption.PFC, LcpOption.ACFC -> judgeFlag(option);
            case LcpOption.MRRU, LcpOption.SHORT_SEQUENCE_NUMBER, LcpOption.ENDPOINT_DISCRIMINATOR ->
                judgeMultilink(option);
            default -> Verdict.REJECT;
        };
    }

    /** What has no value cannot have a better one in a Nak: it is rejected (RFC 1661 section 5.3). */
    private static Verdict judgeFlag(Option option) {
        return option.dataBytes() == 0 ? Verdict.ACK : Verdict.REJECT;
    }

    /** A known option with a wrong length gets a Nak that shows the right one (RFC 1661 section 6). */
    private Verdict judgeMru(Option option) {
        if (option.dataBytes() != 2) {
            return new Verdict.Nak(Option.of16(LcpOption.MRU, DEFAULT_MRU));
        }
        return option.number(2) < settings.minimumPeerMru()
                ? new Verdict.Nak(Option.of16(LcpOption.MRU, settings.minimumPeerMru()))
                : Verdict.ACK;
    }

    private Verdict judgeAuthentication(Option option) {
        if (settings.role() == Role.SERVER || settings.authentication().isEmpty()) {
            return Verdict.REJECT;
        }
        boolean willing = AuthenticationOption.read(option).filter(settings.authentication()::contains).isPresent();
        return willing ? Verdict.ACK : new Verdict.Nak(AuthenticationOption.of(settings.authentication().getFirst()));
    }

    /** RFC 1661 section 6.4: 0 is no magic number, and our own one means that we hear ourselves. */
    private Verdict judgeMagic(Option option) {
        if (option.dataBytes() != 4) {
            return nakMagic();
        }
        int magic = (int) option.number(4);
        if (magic == localMagic && !isRefused(LcpOption.MAGIC_NUMBER)) {
            loopsSeen++;
            suggestedMagic = freshMagic();
            return new Verdict.NakAlone(Option.of32(LcpOption.MAGIC_NUMBER, suggestedMagic));
        }
        return magic == 0 ? nakMagic() : Verdict.ACK;
    }

    private Verdict nakMagic() {
        suggestedMagic = freshMagic();
        return new Verdict.Nak(Option.of32(LcpOption.MAGIC_NUMBER, suggestedMagic));
    }

    private Verdict judgeMultilink(Option option) {
        if (settings.mrru() == 0) {
            return Verdict.REJECT;
        }
        return switch (option.type()) {
            case LcpOption.MRRU -> option.dataBytes() == 2 && option.number(2) >= MINIMUM_MRRU
                    ? Verdict.ACK
                    : new Verdict.Nak(Option.of16(LcpOption.MRRU, DEFAULT_MRU));
            case LcpOption.SHORT_SEQUENCE_NUMBER -> judgeFlag(option);
            default -> option.dataBytes() >= 1 && option.dataBytes() <= 21 ? Verdict.ACK : Verdict.REJECT;
        };
    }

    @Override
    public List<Option> missing(List<Option> peerOptions) { return List.of(); }

    @Override
    public void peerAgreed(List<Option> options) {
        peerMru = DEFAULT_MRU;
        peerMagic = 0;
        peerAccm = DEFAULT_ACCM;
        peerTakesAcfc = false;
        peerTakesPfc = false;
        peerMrru = 0;
        peerShortSequence = false;
        peerDiscriminator = List.of();
        demandedByPeer = null;
        options.forEach(this::take);
        LinkAdvice given = advice;
        if (given != null) {
            peerMru = Math.min(peerMru, given.peerMru().orElse(peerMru));
            peerTakesAcfc &= given.allowsAcfc();
            peerTakesPfc &= given.allowsPfc();
            peerOptions = List.copyOf(options);
        }
    }

    private void take(Option option) {
        switch (option.type()) {
            case LcpOption.MRU -> peerMru = (int) option.number(2);
            case LcpOption.ACCM -> peerAccm = (int) option.number(4);
            case LcpOption.AUTHENTICATION_PROTOCOL -> demandedByPeer = AuthenticationOption.read(option).orElse(null);
            case LcpOption.MAGIC_NUMBER -> {
                peerMagic = (int) option.number(4);
                loopsSeen = 0;
            }
            case LcpOption.PFC -> peerTakesPfc = true;
            case LcpOption.ACFC -> peerTakesAcfc = true;
            case LcpOption.MRRU -> peerMrru = (int) option.number(2);
            case LcpOption.SHORT_SEQUENCE_NUMBER -> peerShortSequence = true;
            case LcpOption.ENDPOINT_DISCRIMINATOR -> peerDiscriminator = octets(option);
            default -> {}
        }
    }

    private static List<Byte> octets(Option option) {
        var octets = new ArrayList<Byte>(option.dataBytes());
        for (byte octet : option.data()) {
            octets.add(octet);
        }
        return List.copyOf(octets);
    }

    @Override
    public boolean onNak(List<Option> suggestions) {
        for (Option suggestion : suggestions) {
            if (!onSuggestion(suggestion)) {
                return false;
            }
        }
        return !looped();
    }

    private boolean onSuggestion(Option suggestion) {
        switch (suggestion.type()) {
            case LcpOption.MRU -> localMru = smaller(suggestion, largestLocalMru(), 68);
            case LcpOption.ACCM -> localAccm |= suggestion.dataBytes() == 4 ? (int) suggestion.number(4) : 0;
            case LcpOption.MRRU -> localMrru = smaller(suggestion, settings.mrru(), MINIMUM_MRRU);
            case LcpOption.MAGIC_NUMBER -> onMagicNak(suggestion);
            case LcpOption.AUTHENTICATION_PROTOCOL -> {
                return fallBack(AuthenticationOption.read(suggestion));
            }
            case LcpOption.SHORT_SEQUENCE_NUMBER, LcpOption.ENDPOINT_DISCRIMINATOR, LcpOption.PFC, LcpOption.ACFC ->
                refuse(suggestion.type());
            default -> {}
        }
        return true;
    }

    /** A peer may make our limit smaller; a larger one, or nonsense, leaves it at what is configured. */
    private static int smaller(Option suggestion, int configured, int minimum) {
        if (suggestion.dataBytes() != 2) {
            return configured;
        }
        int value = (int) suggestion.number(2);
        return value < minimum ? configured : Math.min(value, configured);
    }

    private void onMagicNak(Option suggestion) {
        if (suggestion.dataBytes() == 4 && (int) suggestion.number(4) == suggestedMagic && suggestedMagic != 0) {
            loopsSeen++;
        }
        localMagic = freshMagic();
    }

    /** Takes what the peer suggests if it is allowed, else the first of our list that is left; each only once. */
    private boolean fallBack(Optional<AuthenticationProtocol> suggested) {
        if (demand().isEmpty()) {
            return true;
        }
        refusedAuthentications |= 1 << authenticationIndex;
        int wanted = suggested.map(settings.authentication()::indexOf).orElse(-1);
        boolean isLeft = wanted >= 0 && (refusedAuthentications & 1 << wanted) == 0;
        int next = isLeft ? wanted : Integer.numberOfTrailingZeros(~refusedAuthentications);
        if (next >= settings.authentication().size()) {
            failure = DownCause.Reason.AUTHENTICATION_PROTOCOL_REFUSED;
            return false;
        }
        authenticationIndex = next;
        return true;
    }

    @Override
    public boolean onReject(List<Option> rejected) {
        for (Option option : rejected) {
            if (option.type() == LcpOption.AUTHENTICATION_PROTOCOL) {
                failure = DownCause.Reason.AUTHENTICATION_PROTOCOL_REFUSED;
                return false;
            }
            refuse(option.type());
        }
        return true;
    }

    /** Returns whether our own magic number came back too often. */
    boolean looped() {
        boolean looped = loopsSeen > LOOPS_TOLERATED;
        if (looped) {
            failure = DownCause.Reason.LOOPBACK;
        }
        return looped;
    }

    /** One more sign of a loop, from an echo. */
    void loopSeen() { loopsSeen++; }

    DownCause.Reason failure() { return failure; }

    /** Takes over what the LAC agreed on with the peer. */
    void adopt(List<Option> ours, List<Option> peers) {
        begin();
        for (int type = 1; type < Integer.SIZE; type++) {
            if (Options.find(ours, type).isEmpty()) {
                refuse(type);
            }
        }
        localMru = Options.find(ours, LcpOption.MRU).map(option -> (int) option.number(2)).orElse(DEFAULT_MRU);
        localAccm = Options.find(ours, LcpOption.ACCM).map(option -> (int) option.number(4)).orElse(DEFAULT_ACCM);
        localMagic = Options.find(ours, LcpOption.MAGIC_NUMBER).map(option -> (int) option.number(4)).orElse(0);
        Options.find(ours, LcpOption.AUTHENTICATION_PROTOCOL).flatMap(AuthenticationOption::read)
                .ifPresent(protocol -> authenticationIndex = settings.authentication().indexOf(protocol));
        peerAgreed(peers);
        proxied = true;
    }

    /** Returns how the peer must prove itself to us. */
    Optional<AuthenticationProtocol> demandedOfPeer() {
        return demand().filter(_ -> !isRefused(LcpOption.AUTHENTICATION_PROTOCOL));
    }

    /** Returns how we must prove ourselves to the peer. */
    Optional<AuthenticationProtocol> demandedByPeer() {
        return Optional.ofNullable(demandedByPeer);
    }

    int peerMru() { return peerMru; }

    /** Returns the largest packet that the peer takes, in fragments where it agreed to multilink, octets. */
    int peerPacketBytes() {
        return isMultilink() ? peerMrru : peerMru;
    }

    private boolean isMultilink() { return peerMrru > 0 && localMrru > 0 && !isRefused(LcpOption.MRRU); }

    int peerMagic() { return peerMagic; }

    /** Returns our magic number, 0 if the peer did not take one. */
    int localMagic() {
        return isRefused(LcpOption.MAGIC_NUMBER) ? 0 : localMagic;
    }

    boolean sendWithAddressControl() { return settings.alwaysFf03() || !peerTakesAcfc; }

    boolean sendProtocolCompressed() { return peerTakesPfc && !settings.alwaysFf03(); }

    /** What was agreed, as octets; the peer's only when there was advice. */
    LcpOptions options() {
        return new LcpOptions(octets(request()), octets(peerOptions),
                isRefused(LcpOption.ACCM) ? DEFAULT_ACCM : localAccm);
    }

    private static byte[] octets(List<Option> options) {
        ByteBuf encoded = Unpooled.buffer(Options.encodedBytes(options));
        Options.encode(options, encoded);
        return ByteBufUtil.getBytes(encoded);
    }

    LcpAgreement agreement() {
        boolean multilink = isMultilink();
        boolean shortFromPeer = settings.shortSequenceNumbers() && !isRefused(LcpOption.SHORT_SEQUENCE_NUMBER);
        Optional<AuthenticationProtocol> authentication = settings.role() == Role.SERVER
                ? demandedOfPeer()
                : demandedByPeer();
        return new LcpAgreement(isRefused(LcpOption.MRU) ? DEFAULT_MRU : localMru, peerMru, authentication,
                localMagic(), peerMagic, sendWithAddressControl(), sendProtocolCompressed(), multilink ? localMrru : 0,
                multilink ? peerMrru : 0, multilink && peerShortSequence, multilink && shortFromPeer,
                peerDiscriminator, peerAccm, proxied);
    }
}

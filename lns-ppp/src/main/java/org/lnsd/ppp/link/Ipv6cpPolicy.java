package org.lnsd.ppp.link;

import java.util.List;
import java.util.random.RandomGenerator;
import org.lnsd.ppp.fsm.OptionPolicy;
import org.lnsd.ppp.fsm.Verdict;
import org.lnsd.ppp.option.Option;
import org.lnsd.ppp.option.Options;

/** The IPv6CP interface identifier (RFC 5072 section 4.1). */
final class Ipv6cpPolicy implements OptionPolicy {
    static final int INTERFACE_IDENTIFIER = 1;
    /** The universal/local bit: clear in an identifier that was made up (RFC 5072 section 4.1). */
    private static final long UNIVERSAL_BIT = 0x0200_0000_0000_0000L;

    private final NetworkSettings.Ipv6 settings;
    private final RandomGenerator random;
    private long local;
    private long peer;
    private boolean askIdentifier;
    private boolean askedForTheirs;

    Ipv6cpPolicy(NetworkSettings.Ipv6 settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        begin();
    }

    @Override
    public void begin() {
        local = settings.localInterfaceId() != 0 ? settings.localInterfaceId() : fresh();
        peer = 0;
        askIdentifier = true;
        askedForTheirs = false;
    }

    private long fresh() {
        long identifier;
        do {
            identifier = random.nextLong() & ~UNIVERSAL_BIT;
        } while (identifier == 0 || identifier == local || identifier == peer
                || identifier == settings.peerInterfaceId());
        return identifier;
    }

    @Override
    public List<Option> request() {
        return askIdentifier ? List.of(Option.of64(INTERFACE_IDENTIFIER, local)) : List.of();
    }

    @Override
    public Verdict judge(Option option) {
        if (option.type() != INTERFACE_IDENTIFIER) {
            return Verdict.REJECT;
        }
        long wanted = settings.peerInterfaceId(); // RFC 3162 section 2.2: Framed-Interface-Id is what the user is to have
        boolean acceptable = option.dataBytes() == 8 && option.number(8) != 0 && option.number(8) != local
                && (wanted == 0 || wanted == local || option.number(8) == wanted);
        return acceptable ? Verdict.ACK : new Verdict.Nak(suggestion());
    }

    /** What was suggested stands for the peer's until it asks for one: who suggests the same to us would not do (section 4.1). */
    private Option suggestion() {
        long wanted = settings.peerInterfaceId();
        peer = wanted != 0 && wanted != local ? wanted : fresh();
        return Option.of64(INTERFACE_IDENTIFIER, peer);
    }

    /** Only once: a peer that names none after that does not know the option (section 4.1). */
    @Override
    public List<Option> missing(List<Option> peerOptions) {
        if (askedForTheirs || Options.find(peerOptions, INTERFACE_IDENTIFIER).isPresent()) {
            return List.of();
        }
        askedForTheirs = true;
        return List.of(suggestion());
    }

    @Override
    public void peerAgreed(List<Option> peerOptions) {
        peer = Options.find(peerOptions, INTERFACE_IDENTIFIER).map(option -> option.number(8)).orElseGet(this::fresh);
    }

    @Override
    public boolean onNak(List<Option> suggestions) {
        for (Option option : suggestions) {
            if (option.type() == INTERFACE_IDENTIFIER) {
                boolean usable = option.dataBytes() == 8 && option.number(8) != 0 && option.number(8) != peer
                        && option.number(8) != settings.peerInterfaceId();
                local = usable ? option.number(8) : fresh();
            }
        }
        return true;
    }

    @Override
    public boolean onReject(List<Option> rejected) {
        askIdentifier = false;
        return true;
    }

    LinkEvent.Ipv6Up agreed() { return new LinkEvent.Ipv6Up(local, peer); }
}

package org.lnsd.ppp.link;

import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.OptionalInt;
import org.lnsd.ppp.option.Option;
import org.lnsd.ppp.option.Options;

/**
 * What the LAC, which sees the line, asks of our LCP (RFC 3437 sections 2.1 and 2.2).
 *
 * @param localMru the most that the subscriber should be told it may send, octets
 * @param localAccm the characters that the subscriber should escape
 * @param peerMru the most that should be sent to the subscriber, octets
 * @param allowsAcfc frames to the subscriber may come without FF03
 * @param allowsPfc frames to the subscriber may have a protocol field of one octet
 */
public record LinkAdvice(OptionalInt localMru, OptionalInt localAccm, OptionalInt peerMru, boolean allowsAcfc,
        boolean allowsPfc) {
    /** Nothing is asked. */
    public static final LinkAdvice NONE = new LinkAdvice(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(),
            true, true);
    /** RFC 791: every host takes so much. */
    private static final int MINIMUM_MRU = 68;

    /** Reads the two lists of options; one that is empty or no list of options asks nothing. */
    public static LinkAdvice of(byte[] wantOptions, byte[] allowOptions) {
        List<Option> want = Options.decode(Unpooled.wrappedBuffer(wantOptions)).orElse(List.of());
        List<Option> allow = Options.decode(Unpooled.wrappedBuffer(allowOptions)).orElse(List.of());
        return new LinkAdvice(mru(want), number(want, LcpOption.ACCM, 4), mru(allow),
                allow.isEmpty() || Options.find(allow, LcpOption.ACFC).isPresent(),
                allow.isEmpty() || Options.find(allow, LcpOption.PFC).isPresent());
    }

    private static OptionalInt mru(List<Option> options) {
        OptionalInt mru = number(options, LcpOption.MRU, 2);
        return mru.isPresent() && mru.getAsInt() < MINIMUM_MRU ? OptionalInt.empty() : mru;
    }

    private static OptionalInt number(List<Option> options, int type, int lengthBytes) {
        return Options.find(options, type).filter(option -> option.dataBytes() == lengthBytes)
                .map(option -> OptionalInt.of((int) option.number(lengthBytes))).orElse(OptionalInt.empty());
    }
}

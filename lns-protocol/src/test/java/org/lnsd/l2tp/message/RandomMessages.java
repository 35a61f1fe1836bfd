package org.lnsd.l2tp.message;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Supplier;

import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.avp.VendorAvp;

/** Control messages with arbitrary content, all legal. */
final class RandomMessages {
    private final SplittableRandom random;

    RandomMessages(long seed) { random = new SplittableRandom(seed); }

    ControlMessage next() { return of(MessageType.values()[random.nextInt(MessageType.values().length)]); }

    ControlMessage of(MessageType type) {
        return switch (type) {
            case SCCRQ -> new Sccrq(peerInfo(), id(), maybe(() -> octets(8)), maybe(() -> octets(1 + small(40))));
            case SCCRP -> new Sccrp(peerInfo(), id(), maybe(() -> octets(1 + small(40))), maybe(() -> octets(16)));
            case SCCCN -> new Scccn(maybe(() -> octets(16)));
            case STOPCCN -> new StopCcn(id(), new ResultCode(small(0x10000)), new ErrorCode(small(0x10000)), text());
            case HELLO -> new Hello();
            case OCRQ -> new Ocrq(new OutgoingCall(id(), number(), number(), number(), random.nextInt(),
                    random.nextInt(), text(), maybe(this::text), List.of()));
            case OCRP -> new Ocrp(id(), maybeNumber());
            case OCCN -> new Occn(parameters(false));
            case ICRQ -> new Icrq(incoming());
            case ICRP -> new Icrp(id());
            case ICCN -> new Iccn(parameters(true));
            case CDN -> new Cdn(id(), new CallDisconnect(new ResultCode(small(0x10000)), new ErrorCode(small(0x10000)),
                    text(), maybe(() -> new PppDisconnectCause(small(0x10000), small(0x10000), small(256), text())),
                    maybe(() -> new Q931Cause(small(0x10000), small(256), text()))));
            case WEN -> new Wen(new WanErrorCounts(number(), number(), number(), number(), number(), number()));
            case SLI -> new Sli(new LinkInfo(random.nextInt(), random.nextInt(), maybe(() -> octets(small(30))),
                    maybe(() -> octets(small(30)))));
            case CSUN -> new Csun(speeds());
            case CSURQ -> new Csurq(speeds());
        };
    }

    private PeerInfo peerInfo() {
        return new PeerInfo("h" + text(), maybe(this::text), small(0x10000),
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(small(0x10000)), random.nextInt(),
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt()), id(), cisco());
    }

    private IncomingCall incoming() {
        return new IncomingCall(id(), number(), OptionalInt.of(random.nextInt()), maybe(() -> "n" + text()),
                maybe(() -> "n" + text()), maybe(() -> "n" + text()), maybeNumber(),
                random.nextBoolean(), AccessLine.EMPTY, cisco());
    }

    private CallParameters parameters(boolean incoming) {
        CallParameters.Builder builder = CallParameters.builder().framingType(random.nextInt())
                .txConnectSpeedBps(number()).sequencingRequired(random.nextBoolean())
                .lcpOptions(maybe(() -> octets(small(30))), maybe(() -> octets(small(30)))).vendorAvps(cisco())
                .speedUpdates(random.nextBoolean());
        if (incoming) {
            builder.rxConnectSpeedBps(number()).privateGroupId(maybe(this::text))
                    .proxyLcp(random.nextBoolean()
                            ? ProxyLcp.NONE
                            : new ProxyLcp(Optional.of(octets(small(30))), maybe(() -> octets(small(30))),
                                    maybe(() -> octets(small(30)))))
                    .proxyAuthentication(maybe(() -> new ProxyAuthentication(ProxyAuthentication.CHAP, text(),
                            octets(1 + small(20)), small(256), octets(16))));
        }
        return builder.build();
    }

    AccessLine accessLine() {
        Map<AccessLineAttribute, Long> values = new EnumMap<>(AccessLineAttribute.class);
        for (AccessLineAttribute attribute : AccessLineAttribute.values()) {
            if (random.nextBoolean()) {
                values.put(attribute, number());
            }
        }
        return new AccessLine(maybe(() -> octets(9)), maybe(() -> octets(63)), values, maybe(() -> octets(3)),
                random.nextBoolean());
    }

    private List<ConnectSpeed> speeds() {
        List<ConnectSpeed> speeds = new ArrayList<>();
        for (int index = 0; index <= small(5); index++) {
            speeds.add(new ConnectSpeed(id(), number(), number()));
        }
        return speeds;
    }

    private List<VendorAvp> cisco() {
        List<VendorAvp> avps = new ArrayList<>();
        for (int index = small(3); index > 0; index--) {
            avps.add(new VendorAvp(VendorAvp.CISCO, small(1000), false, octets(small(50))));
        }
        return avps;
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    private OptionalLong maybeNumber() {
        return random.nextBoolean() ? OptionalLong.of(number()) : OptionalLong.empty();
    }

    private int small(int bound) { return random.nextInt(bound); }

    private int id() { return 1 + small(0xffff); }

    private long number() { return random.nextLong(1L << 32); }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int index = small(random.nextInt(10) == 0 ? 500 : 20); index > 0; index--) {
            text.append((char) ('!' + small(90)));
        }
        return text.toString();
    }

    private Octets octets(int lengthBytes) {
        byte[] octets = new byte[lengthBytes];
        random.nextBytes(octets);
        return Octets.of(octets);
    }
}

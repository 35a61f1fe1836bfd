package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.lnsd.ppp.auth.AuthenticationResult;
import org.lnsd.ppp.auth.CredentialVerifier;

/** A link with the smallest shell: it verifies against one password and keeps its events. */
final class Station {
    private static final UnpooledByteBufAllocator HEAP = new UnpooledByteBufAllocator(false);
    static final NetworkSettings SERVER_NETWORKS = new NetworkSettings(
            Optional.of(new NetworkSettings.Ipv4(ip("100.64.0.1"), ip("203.0.113.7"),
                    List.of(ip("9.9.9.9"), ip("149.112.112.112")), List.of())),
            Optional.of(new NetworkSettings.Ipv6(1, 0)));
    static final NetworkSettings CLIENT_NETWORKS = new NetworkSettings(
            Optional.of(new NetworkSettings.Ipv4(ip("0.0.0.0"), ip("0.0.0.0"), List.of(), List.of())),
            Optional.of(new NetworkSettings.Ipv6(0, 0)));

    final PppLink link;
    final List<LinkEvent> events = new ArrayList<>();
    final List<String> sent = new ArrayList<>();
    NetworkSettings networks;
    boolean recordSent = true;
    String password = "secret";

    Station(LinkSettings settings, long seed, NetworkSettings networks) {
        link = new PppLink(settings, new Random(seed), HEAP);
        this.networks = networks;
    }

    static Station server(LinkSettings.Builder settings, long seed) {
        return new Station(settings.build(), seed, SERVER_NETWORKS);
    }

    static Station client(LinkSettings.Builder settings, long seed) {
        return new Station(settings.build(), seed + 1_000_000, CLIENT_NETWORKS);
    }

    static Inet4Address ip(String text) {
        int number = 0;
        for (String octet : text.split("\\.", -1)) {
            number = number << 8 | Integer.parseInt(octet);
        }
        return Ipv4.address(number);
    }

    void onSent(ByteBuf frame) { sent.add(ByteBufUtil.hexDump(frame)); }

    boolean handleEvents(long nowNs) {
        boolean any = false;
        for (LinkEvent event = link.pollEvent(); event != null; event = link.pollEvent()) {
            any = true;
            events.add(event);
            switch (event) {
                case LinkEvent.AuthenticationRequested request -> verify(request, nowNs);
                case LinkEvent.Authenticated _ -> link.openNetworks(networks, nowNs);
                default -> {}
            }
        }
        return any;
    }

    private void verify(LinkEvent.AuthenticationRequested request, long nowNs) {
        switch (CredentialVerifier.verify(request.credentials(), password)) {
            case AuthenticationResult.Success success -> link.authenticationSucceeded(success, nowNs);
            case AuthenticationResult.Failure failure -> link.authenticationFailed(failure.message(), nowNs);
        }
    }

    /** Feeds a frame in hexadecimal. */
    void receive(String hex, long nowNs) {
        ByteBuf frame = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
        link.onFrame(frame, nowNs);
        frame.release();
    }

    /** Takes what the link wants sent, as hexadecimal. */
    List<String> transmitted() {
        var frames = new ArrayList<String>();
        for (ByteBuf frame = link.pollTransmit(); frame != null; frame = link.pollTransmit()) {
            frames.add(ByteBufUtil.hexDump(frame));
            frame.release();
        }
        return frames;
    }

    <T extends LinkEvent> List<T> all(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    boolean saw(Class<? extends LinkEvent> kind) { return events.stream().anyMatch(kind::isInstance); }

    /** Up and Down events must alternate, and Down comes once, last. */
    int openLayers() {
        int open = 0;
        for (LinkEvent event : events) {
            open += switch (event) {
                case LinkEvent.Ipv4Up _,LinkEvent.Ipv6Up _ -> 1;
                case LinkEvent.Ipv4Down _,LinkEvent.Ipv6Down _ -> -1;
                default -> 0;
            };
        }
        return open;
    }
}

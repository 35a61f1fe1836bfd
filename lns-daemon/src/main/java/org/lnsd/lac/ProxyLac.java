package org.lnsd.lac;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.ProxyAuthentication;
import org.lnsd.l2tp.message.ProxyLcp;
import org.lnsd.ppp.auth.Credentials;
import org.lnsd.ppp.link.LinkEvent;
import org.lnsd.ppp.link.LinkSettings;
import org.lnsd.ppp.link.PppLink;

/**
 * A LAC that answers the subscriber's first PPP itself: LCP until it is open, then authentication until the credentials are there. Both go
 * to the LNS as proxy AVPs (RFC 2661 section 4.4.5), and the subscriber goes on with the LNS where it stands.
 */
final class ProxyLac {

    private static final int LCP = 0xC021;
    private static final int CONFIGURE_REQUEST = 1;
    private static final int LCP_HEADER_BYTES = 4;
    private static final int ADDRESS_CONTROL = 0xFF03;
    private static final int OPTION_MRU = 1;
    private static final int MRU_OPTION_BYTES = 4;
    private static final int MAXIMUM_ROUNDS = 50;

    private final LinkSettings settings;
    private final @Nullable Integer mruLie;
    private final RandomGenerator random;
    private final ByteBufAllocator allocator;
    private @Nullable Octets initialReceived;
    private @Nullable Octets lastReceived;
    private @Nullable Octets lastSent;

    ProxyLac(LinkSettings settings, @Nullable Integer mruLie, RandomGenerator random, ByteBufAllocator allocator) {
        this.settings = settings;
        this.mruLie = mruLie;
        this.random = random;
        this.allocator = allocator;
    }

    /** Starts both ends and lets them talk until the credentials are there; fills the proxy AVPs in. */
    void negotiate(PppLink client, CallParameters.Builder parameters, long nowNs) {
        PppLink server = new PppLink(settings, random, allocator);
        server.start(nowNs);
        client.start(nowNs);
        Optional<Credentials> credentials = Optional.empty();
        for (int round = 0; round < MAXIMUM_ROUNDS && credentials.isEmpty(); round++) {
            carry(client, server, true, nowNs);
            credentials = credentials(server);
            carry(server, client, false, nowNs);
        }
        parameters.proxyLcp(new ProxyLcp(Optional.ofNullable(initialReceived), Optional.ofNullable(lastSent),
                Optional.ofNullable(lastReceived).map(this::lie)));
        parameters.proxyAuthentication(credentials.map(ProxyLac::authentication));
        server.lowerDown(nowNs);
        for (ByteBuf left = server.pollTransmit(); left != null; left = server.pollTransmit()) {
            left.release();
        }
    }

    private void carry(PppLink from, PppLink to, boolean toServer, long nowNs) {
        for (ByteBuf frame = from.pollTransmit(); frame != null; frame = from.pollTransmit()) {
            try {
                remember(frame, toServer);
                to.onFrame(frame, nowNs);
            } finally {
                frame.release();
            }
        }
    }

    private void remember(ByteBuf frame, boolean toServer) {
        int start = frame.readerIndex()
                + (frame.getUnsignedShort(frame.readerIndex()) == ADDRESS_CONTROL ? Short.BYTES : 0);
        int lcp = start + Short.BYTES;
        if (frame.getUnsignedShort(start) != LCP || frame.getUnsignedByte(lcp) != CONFIGURE_REQUEST) {
            return;
        }
        int optionBytes = frame.getUnsignedShort(lcp + Short.BYTES) - LCP_HEADER_BYTES;
        Octets options = Octets.of(frame, lcp + LCP_HEADER_BYTES, optionBytes);
        if (!toServer) {
            lastSent = options;
            return;
        }
        lastReceived = options;
        if (initialReceived == null) {
            initialReceived = options;
        }
    }

    private static Optional<Credentials> credentials(PppLink server) {
        for (LinkEvent event = server.pollEvent(); event != null; event = server.pollEvent()) {
            if (event instanceof LinkEvent.AuthenticationRequested(Credentials given)) {
                return Optional.of(given);
            }
        }
        return Optional.empty();
    }

    private static ProxyAuthentication authentication(Credentials credentials) {
        return switch (credentials) {
            case Credentials.Pap(String user, byte[] password) ->
                new ProxyAuthentication(ProxyAuthentication.PAP, user, Octets.EMPTY, 1, Octets.of(password));
            case Credentials.Chap(String user, int id, byte[] challenge, byte[] response) ->
                new ProxyAuthentication(ProxyAuthentication.CHAP, user, Octets.of(challenge), id, Octets.of(response));
            // RFC 2661 has no type for MS-CHAPv2: the LNS has to ask again
            case Credentials.MsChapV2 ms ->
                new ProxyAuthentication(ProxyAuthentication.NO_AUTHENTICATION, ms.user(), Octets.EMPTY, ms.id(),
                        Octets.EMPTY);
        };
    }

    /** With {@code --proxy-mru-lie} the MRU among the options is replaced, or put in front. */
    private Octets lie(Octets options) {
        Integer mru = mruLie;
        if (mru == null) {
            return options;
        }
        byte[] told = options.toByteArray();
        for (int offset = 0; offset + 1 < told.length && told[offset + 1] >= 2; offset += told[offset + 1]) {
            if (told[offset] == OPTION_MRU && offset + MRU_OPTION_BYTES <= told.length) {
                told[offset + 2] = (byte) (mru >>> Byte.SIZE);
                told[offset + 3] = mru.byteValue();
                return Octets.of(told);
            }
        }
        byte[] longer = new byte[told.length + MRU_OPTION_BYTES];
        System.arraycopy(told, 0, longer, MRU_OPTION_BYTES, told.length);
        longer[0] = OPTION_MRU;
        longer[1] = MRU_OPTION_BYTES;
        longer[2] = (byte) (mru >>> Byte.SIZE);
        longer[3] = mru.byteValue();
        return Octets.of(longer);
    }
}

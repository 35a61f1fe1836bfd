package org.lnsd.system.subscriber;

import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a subscriber does above IPv6CP: neighbour discovery and DHCPv6, octet by octet. */
public final class ScriptIpv6 {
    public static final int SOLICIT = 1;
    public static final int ADVERTISE = 2;
    public static final int REQUEST = 3;
    public static final int CONFIRM = 4;
    public static final int RENEW = 5;
    public static final int REBIND = 6;
    public static final int REPLY = 7;
    public static final int RELEASE = 8;
    public static final int DECLINE = 9;
    public static final int INFORMATION_REQUEST = 11;
    public static final String ALL_NODES = "ff02::1";
    public static final String ALL_ROUTERS = "ff02::2";
    public static final String ALL_SERVERS = "ff02::1:2";
    public static final int NOTHING_COMES_MS = 700;

    public final ScriptCall call;
    private final String linkLocal;
    private final String router;
    private byte[] duid;
    private byte[] serverId = {};
    private int transaction = 0x10_0000;

    /** Brings IPv6CP up. */
    public ScriptIpv6(ScriptSubscriber subscriber, String interfaceId) {
        call = subscriber.call;
        byte[] theirs = subscriber.acknowledge(ScriptSubscriber.IPV6CP).getFirst().data();
        router = Octets.ipv6(Octets.of(Octets.hex("fe80000000000000"), theirs), 0);
        Frame ack = subscriber.request(ScriptSubscriber.IPV6CP,
                ScriptSubscriber.option(1, Octets.hex(interfaceId)));
        if (ack.code() != ScriptSubscriber.ACK) {
            throw new AssertionError("IPv6CP: " + ack);
        }
        linkLocal = Octets.ipv6(Octets.of(Octets.hex("fe80000000000000"), Octets.hex(interfaceId)), 0);
        duid = Octets.of(Octets.hex("00030001"), Octets.hex(interfaceId));
    }

    public String linkLocal() { return linkLocal; }

    /** The LNS's address on the link, from its interface identifier. */
    public String router() { return router; }

    public void duid(byte[] other) { duid = other; }

    public byte[] duid() { return duid; }

    public byte[] serverId() { return serverId; }

    /** Sends an IPv6 packet. */
    public void send(byte[] packet) { call.send(0x57, packet); }

    public void icmp(int type, String destination, Object... body) {
        send(Packets6.icmp(type, 0, 255, linkLocal, destination, Octets.of(body)));
    }

    public void solicitRouter() { icmp(133, ALL_ROUTERS, Octets.u32(0)); }

    /** The next ICMPv6 message of this type. */
    public Frame expectIcmp(int type) {
        return call.expect("ICMPv6 type " + type, icmp(type));
    }

    public static Predicate<Frame> icmp(int type) {
        return frame -> frame.protocol() == 0x57 && frame.info().length >= 44
                && Octets.u8(frame.info(), 6) == Packets6.ICMPV6 && Octets.u8(frame.info(), 40) == type;
    }

    /** The next router advertisement; its checksum must be right. */
    public RouterMessage expectAdvertisement() {
        byte[] packet = expectIcmp(134).info();
        if (Packets6.checksum(Packets6.ICMPV6, Arrays.copyOfRange(packet, 8, 24), Arrays.copyOfRange(packet, 24, 40),
                Arrays.copyOfRange(packet, 40, packet.length)) != 0) {
            throw new AssertionError("checksum of " + Octets.hex(packet));
        }
        return new RouterMessage(packet);
    }

    // ---- DHCPv6 -------------------------------------------------------------------------------------------------------

    public static byte[] option(int code, Object... data) {
        byte[] octets = Octets.of(data);
        return Octets.of(Octets.u16(code), Octets.u16(octets.length), octets);
    }

    /** IA_PD with these "prefix/length" in it. */
    public static byte[] pd(int iaid, String... prefixes) {
        byte[] inner = {};
        for (String prefix : prefixes) {
            int slash = prefix.indexOf('/');
            inner = Octets.of(inner, option(26, Octets.u32(0), Octets.u32(0),
                    Integer.parseInt(prefix.substring(slash + 1)), Octets.ipv6(prefix.substring(0, slash))));
        }
        return option(25, Octets.u32(iaid), Octets.u32(0), Octets.u32(0), inner);
    }

    /** IA_NA with these addresses in it. */
    public static byte[] na(int iaid, String... addresses) {
        byte[] inner = {};
        for (String address : addresses) {
            inner = Octets.of(inner, option(5, Octets.ipv6(address), Octets.u32(0), Octets.u32(0)));
        }
        return option(3, Octets.u32(iaid), Octets.u32(0), Octets.u32(0), inner);
    }

    /** Client Identifier, and Server Identifier for the messages that name the server; then the others. */
    private byte[] message(int type, byte[]... options) {
        boolean named = type == REQUEST || type == RENEW || type == RELEASE || type == DECLINE;
        byte[] start = Octets.of(Octets.u32((long) type << 24 | ++transaction), option(1, duid),
                option(8, Octets.u16(0)),
                named ? option(2, serverId) : new byte[0]);
        return Octets.of(start, Octets.of((Object[]) options));
    }

    /** Sends a message and returns the answer. */
    public Dhcp6Reply ask(int type, byte[]... options) {
        return answer(message(type, options), ALL_SERVERS);
    }

    public Dhcp6Reply askUnicast(int type, byte[]... options) { return answer(message(type, options), router); }

    private Dhcp6Reply answer(byte[] message, String destination) {
        sendDhcp(message, destination);
        Frame frame = call.expect("DHCPv6 answer", this::isAnswer);
        byte[] packet = frame.info();
        byte[] udp = Arrays.copyOfRange(packet, 40, packet.length);
        if (Packets6.checksum(Packets6.UDP, Arrays.copyOfRange(packet, 8, 24), Arrays.copyOfRange(packet, 24, 40),
                udp) != 0 || Octets.u16(udp, 4) != udp.length || Octets.u16(udp, 0) != 547
                || !Octets.ipv6(packet, 24).equals(linkLocal)) {
            throw new AssertionError("bad packet " + Octets.hex(packet));
        }
        Dhcp6Reply reply = new Dhcp6Reply(Arrays.copyOfRange(udp, 8, udp.length));
        serverId = reply.option(2).data();
        return reply;
    }

    private boolean isAnswer(Frame frame) {
        byte[] packet = frame.info();
        return frame.protocol() == 0x57 && packet.length >= 52 && Octets.u8(packet, 6) == Packets6.UDP
                && Octets.u16(packet, 42) == 546 && (Octets.u32(packet, 48) & 0xff_ffff) == transaction;
    }

    private void sendDhcp(byte[] message, String destination) {
        send(Packets6.udp(linkLocal, 546, destination, 547, message));
    }

    /** Sends these octets, then a Solicit: the first answer must be to that. */
    public void ignored(String what, byte[] message) {
        sendDhcp(message, ALL_SERVERS);
        tell(SOLICIT, pd(1));
        Frame answer = call.expect("DHCPv6 answer", ScriptIpv6::isDhcp);
        if (!isAnswer(answer)) {
            throw new AssertionError("answer to " + what + ": " + answer);
        }
    }

    private static boolean isDhcp(Frame frame) {
        return frame.protocol() == 0x57 && frame.info().length >= 48 && Octets.u8(frame.info(), 6) == Packets6.UDP
                && Octets.u16(frame.info(), 42) == 546;
    }

    /** The answer to the last message if it comes within this time. */
    public @Nullable Frame answerOrNull(long milliseconds) {
        return call.expectOrNull(ScriptIpv6::isDhcp, milliseconds);
    }

    /** Sends without waiting. */
    public void tell(int type, byte[]... options) {
        sendDhcp(message(type, options), ALL_SERVERS);
    }
}

package org.lnsd.system.subscriber;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The modem behind a call: does by hand what a subscriber's PPP does, in small steps that a test puts together. */
public final class ScriptSubscriber {
    public static final int LCP = 0xc021;
    public static final int PAP = 0xc023;
    public static final int CHAP = 0xc223;
    public static final int IPCP = 0x8021;
    public static final int IPV6CP = 0x8057;
    public static final int REQUEST = 1;
    public static final int ACK = 2;
    public static final int NAK = 3;
    public static final int REJECT = 4;
    public static final byte[] AUTH_PAP = Octets.hex("c023");
    public static final byte[] AUTH_CHAP = Octets.hex("c22305");
    public static final byte[] AUTH_MSCHAPV2 = Octets.hex("c22381");

    public final ScriptCall call;
    private int lastId = 16;
    private long magic = 0x11223344L;
    private byte[] wantedAuthentication = AUTH_PAP;
    private List<Frame.Option> lnsOptions = List.of();
    private int rejected = -1;
    private String address = "";

    public ScriptSubscriber(ScriptCall call) { this.call = call; }

    public static byte[] option(int type, Object... data) {
        byte[] octets = Octets.of(data);
        return Octets.of(type, octets.length + 2, octets);
    }

    public static byte[] mru(int octets) { return option(1, Octets.u16(octets)); }

    public byte[] magicOption() { return option(5, Octets.u32(magic)); }

    /** Which authentication it suggests when the LNS asks for another. */
    public ScriptSubscriber wants(byte[] authentication) {
        wantedAuthentication = authentication;
        return this;
    }

    /** An option of the LNS that it does not know. */
    public ScriptSubscriber rejects(int optionType) {
        rejected = optionType;
        return this;
    }

    public int nextId() {
        lastId = lastId + 1 & 0xff;
        return lastId;
    }

    /** Sends a Configure-Request and returns the one answer to it. */
    public Frame request(int protocol, byte[]... options) {
        int id = nextId();
        call.packet(protocol, REQUEST, id, (Object[]) options);
        return call.expect("answer to request " + id, frame -> frame.protocol() == protocol && frame.info().length >= 4
                && frame.code() >= ACK && frame.code() <= REJECT && frame.id() == id);
    }

    /** Negotiates LCP: these options (with its magic number where none are given) must be acknowledged. */
    public List<Frame.Option> lcp(byte[]... options) {
        byte[][] wishes = options.length == 0 ? new byte[][]{mru(1500), magicOption()} : options;
        answerLnsLcp();
        Frame answer = request(LCP, wishes);
        if (answer.code() != ACK) {
            throw new AssertionError("LCP request not acknowledged: " + answer + "\n" + call.conversation());
        }
        call.magic(magic);
        return lnsOptions;
    }

    /** Takes the LNS's Configure-Requests until one is acceptable, and acknowledges that. */
    public List<Frame.Option> answerLnsLcp() {
        while (true) {
            Frame wish = call.expect(LCP, REQUEST);
            Optional<Frame.Option> auth = wish.options().stream().filter(o -> o.type() == 3).findFirst();
            if (auth.isPresent() && !Arrays.equals(auth.get().data(), wantedAuthentication)) {
                call.packet(LCP, NAK, wish.id(), (Object) option(3, wantedAuthentication));
            } else if (wish.options().stream().anyMatch(o -> o.type() == rejected)) {
                call.packet(LCP, REJECT, wish.id(), (Object) option(rejected, wish.option(rejected)));
            } else {
                call.packet(LCP, ACK, wish.id(), (Object) wish.body());
                lnsOptions = wish.options();
                return lnsOptions;
            }
        }
    }

    public Optional<byte[]> lnsOption(int type) {
        return lnsOptions.stream().filter(option -> option.type() == type).map(Frame.Option::data).findFirst();
    }

    public byte[] papRequest(String user, String password) {
        return Octets.of(user.length(), user, password.length(), password);
    }

    public void pap(String user, String password) {
        int id = nextId();
        call.packet(PAP, 1, id, (Object) papRequest(user, password));
        call.expect(PAP, 2, id);
    }

    /** Answers the LNS's challenge; returns the verdict (code 3 or 4). */
    public Frame chap(String user, String password) {
        Frame challenge = call.expect(CHAP, 1);
        chapResponse(challenge, user, password);
        return call.expect("CHAP verdict", f -> (f.is(CHAP, 3) || f.is(CHAP, 4)) && f.id() == challenge.id());
    }

    public void chapResponse(Frame challenge, String user, String password) {
        byte[] response = chapValue(challenge.id(), password, challengeValue(challenge));
        call.packet(CHAP, 2, challenge.id(), 16, response, user);
    }

    public static byte[] challengeValue(Frame challenge) {
        byte[] body = challenge.body();
        return Arrays.copyOfRange(body, 1, 1 + Octets.u8(body, 0));
    }

    public static byte[] chapValue(int id, String password, byte[] challenge) {
        return Octets.digest("MD5", Octets.of(id), Octets.of(password), challenge);
    }

    /** Up to authentication by the wanted protocol (PAP or CHAP). */
    public ScriptSubscriber authenticated(String user, String password) {
        lcp();
        authenticate(user, password);
        return this;
    }

    public void authenticate(String user, String password) {
        if (Arrays.equals(wantedAuthentication, AUTH_PAP)) {
            pap(user, password);
        } else {
            Frame verdict = chap(user, password);
            if (verdict.code() != 3) {
                throw new AssertionError("CHAP failed: " + verdict);
            }
        }
    }

    /** Acknowledges the LNS's request of a network protocol and returns its options. */
    public List<Frame.Option> acknowledge(int protocol) {
        Frame wish = call.expect(protocol, REQUEST);
        call.packet(protocol, ACK, wish.id(), (Object) wish.body());
        return wish.options();
    }

    /** Brings IPCP up and returns the address that was given. */
    public String ipcp() {
        acknowledge(IPCP);
        Frame answer = request(IPCP, option(3, Octets.u32(0)));
        byte[] given = answer.option(3);
        Frame ack = request(IPCP, option(3, given));
        if (answer.code() != NAK || ack.code() != ACK) {
            throw new AssertionError("IPCP: " + answer + " then " + ack);
        }
        address = Octets.ipv4(given, 0);
        return address;
    }

    /** Brings IPv6CP up with this interface identifier. */
    public void ipv6cp(String interfaceId) {
        acknowledge(IPV6CP);
        Frame ack = request(IPV6CP, option(1, Octets.hex(interfaceId)));
        if (ack.code() != ACK) {
            throw new AssertionError("IPv6CP: " + ack);
        }
    }

    /** All the way to IPv4. */
    public ScriptSubscriber open(String user, String password) {
        authenticated(user, password);
        ipcp();
        return this;
    }

    public String address() { return address; }

    /** Sends an IPv4 packet. */
    public void ipv4(byte[] packet) { call.send(0x21, packet); }

    /** Waits for a UDP packet from the network. */
    public Frame expectUdp(int destinationPort) {
        return call.expect("UDP packet to port " + destinationPort, frame -> frame.protocol() == 0x21
                && frame.info().length >= 28 && frame.info()[9] == 17
                && Octets.u16(frame.info(), 22) == destinationPort);
    }

    /** Waits for an ICMP message of that type. */
    public Frame expectIcmp(int type) {
        return call.expect("ICMP type " + type, frame -> frame.protocol() == 0x21 && frame.info().length >= 28
                && frame.info()[9] == 1 && Octets.u8(frame.info(), 20) == type);
    }

    /** Ends politely. */
    public void terminate() {
        int id = nextId();
        call.packet(LCP, 5, id);
        call.expect(LCP, 6, id);
    }

}

package org.lnsd.system.lac;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A subscriber that agrees to everything, shows its password by PAP and takes the IPv4 address and name servers that it is given. */
public final class ScriptedPpp {
    public static final int IPV4 = 0x0021;
    private static final int LCP = 0xc021;
    private static final int PAP = 0xc023;
    private static final int IPCP = 0x8021;
    private static final int REQUEST = 1;
    private static final int ACK = 2;
    private static final int NAK = 3;
    private static final int REJECT = 4;
    private static final int ADDRESS = 3;
    private static final int PRIMARY_DNS = 129;
    private static final int SECONDARY_DNS = 131;
    private static final int PAP_MESSAGE_AT = 1;

    private final Consumer<byte[]> line;
    private final String user;
    private final String password;
    /** Address, primary and secondary name server (RFC 1332, RFC 1877), by the option's number. */
    private final Map<Integer, byte[]> ipcp = new TreeMap<>(
            Map.of(ADDRESS, new byte[4], PRIMARY_DNS, new byte[4], SECONDARY_DNS, new byte[4]));
    private String message = "";
    private boolean lcpAcked;
    private boolean peerAcked;
    private boolean authenticating;
    private boolean open;
    private int pings;
    private int replies;

    /** Frames go to the line. */
    public ScriptedPpp(String user, String password, Consumer<byte[]> line) {
        this.user = user;
        this.password = password;
        this.line = line;
    }

    /** Sends the first Configure-Request. */
    public ScriptedPpp start() {
        send(LCP, REQUEST, 1, new byte[0]);
        return this;
    }

    public boolean isOpen() { return open; }

    public int replies() { return replies; }

    /** A frame of the LNS, from FF 03 or the protocol on. */
    public void onFrame(byte[] frame) {
        ByteBuffer in = ByteBuffer.wrap(frame);
        int protocol = in.getShort() & 0xffff;
        protocol = protocol == 0xff03 ? in.getShort() & 0xffff : protocol;
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        if (protocol == IPV4) {
            replies += rest[9] == 1 && rest[20] == 0 ? 1 : 0;
        } else if (protocol == LCP || protocol == PAP || protocol == IPCP) {
            int length = ((rest[2] & 0xff) << 8) | (rest[3] & 0xff);
            onPacket(protocol, rest[0], rest[1], Arrays.copyOfRange(rest, 4, length));
        }
    }

    private void onPacket(int protocol, int code, int identifier, byte[] body) {
        if (code == REQUEST && protocol != PAP) {
            send(protocol, ACK, identifier, body);
            peerAcked |= protocol == LCP;
        } else if (protocol == LCP && code == 9) {
            Arrays.fill(body, 0, 4, (byte) 0);
            send(LCP, 10, identifier, body);
        } else if (protocol == LCP && code == ACK) {
            lcpAcked = true;
        } else if (protocol == PAP && code == ACK) {
            message = new String(body, PAP_MESSAGE_AT, body.length - PAP_MESSAGE_AT, StandardCharsets.UTF_8);
            send(IPCP, REQUEST, 1, options());
        } else if (protocol == IPCP && (code == NAK || code == REJECT)) {
            for (int at = 0; at + 6 <= body.length; at += body[at + 1]) {
                ipcp.remove(body[at] & 0xff);
                if (code == NAK) {
                    ipcp.put(body[at] & 0xff, Arrays.copyOfRange(body, at + 2, at + 6));
                }
            }
            send(IPCP, REQUEST, identifier + 1, options());
        } else if (protocol == IPCP && code == ACK) {
            open = true;
        }
        if (lcpAcked && peerAcked && !authenticating) {
            authenticating = true;
            send(PAP, REQUEST, 1, credentials());
        }
    }

    private byte[] options() {
        ByteBuffer out = ByteBuffer.allocate(6 * ipcp.size());
        ipcp.forEach((option, value) -> out.put(option.byteValue()).put((byte) 6).put(value));
        return out.array();
    }

    /** What the server said when it let us in. */
    public String message() { return message; }

    /** The name servers that we were given. */
    public List<String> nameServers() {
        return ipcp.entrySet().stream().filter(option -> option.getKey() != ADDRESS)
                .map(option -> text(option.getValue())).toList();
    }

    private static String text(byte[] address) {
        return (address[0] & 0xff) + "." + (address[1] & 0xff) + "." + (address[2] & 0xff) + "." + (address[3] & 0xff);
    }

    private byte[] credentials() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(user.length());
        out.writeBytes(user.getBytes(StandardCharsets.UTF_8));
        out.write(password.length());
        out.writeBytes(password.getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private void send(int protocol, int code, int identifier, byte[] body) {
        line.accept(ByteBuffer.allocate(8 + body.length).putShort((short) 0xff03).putShort((short) protocol)
                .put((byte) code).put((byte) identifier).putShort((short) (body.length + 4)).put(body).array());
    }

    /** An IPv4 packet with an ICMP echo request, to be framed by the caller. */
    public byte[] ping(byte[] destination) {
        ByteBuffer packet = ByteBuffer.allocate(20 + 8 + 24);
        packet.putShort((short) 0x4500).putShort((short) packet.capacity()).putInt(0x12340000).put((byte) 64)
                .put((byte) 1).putShort((short) 0).put(ipcp.get(ADDRESS)).put(destination);
        packet.putShort(10, checksum(packet, 0, 20));
        packet.put((byte) 8).put((byte) 0).putShort((short) 0).putShort((short) 7).putShort((short) ++pings);
        packet.putShort(22, checksum(packet, 20, packet.capacity()));
        return packet.array();
    }

    private static short checksum(ByteBuffer packet, int from, int to) {
        int sum = 0;
        for (int index = from; index < to; index += 2) {
            sum += packet.getShort(index) & 0xffff;
        }
        sum = (sum >>> 16) + (sum & 0xffff);
        return (short) ~((sum >>> 16) + sum);
    }
}

package org.lnsd.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lnsd.tun.Netlink.Route;
import org.lnsd.tun.NetlinkMessages.RouteChange;

/** The octets of rtnetlink (RFC 3549 sections 2 and 3.1) as the kernel's headers lay them out, on a little-endian machine. */
class NetlinkMessagesTest {
    private static final byte[] IPV4 = {100, 64, 0, 1};
    private static final byte[] IPV6 = HexFormat.of().parseHex("20010db8000900000000000000000000");

    private final long memory = Memory.map(4096);
    private final NetlinkMessages messages = new NetlinkMessages(memory);

    @AfterEach
    void free() { Memory.unmap(memory); }

    private String written() { return HexFormat.of().formatHex(Memory.toArray(memory, messages.lengthBytes())); }

    private static Route route(byte[] octets, int length, int index) {
        return new Route(SocketAddresses.address(octets), length, index);
    }

    @Test
    void addingAnIpv4Route() {
        messages.route(route(IPV4, 32, 7), RouteChange.REPLACE);
        assertThat(written()).isEqualTo(
                "34000000" + "1800" + "0505" + "01000000" + "00000000" // length, RTM_NEWROUTE, ack create replace
                        + "02200000" + "fe4cfd01" + "00000000" // AF_INET /32, main, protocol 76, link, unicast
                        + "0800" + "0100" + "64400001" // RTA_DST
                        + "0800" + "0400" + "07000000" // RTA_OIF
                        + "0800" + "0f00" + "fe000000"); // RTA_TABLE
        assertThat(messages.sequence()).isEqualTo(1);
    }

    @Test
    void onlyTheLastOfManyIsAcknowledged() {
        messages.route(route(IPV4, 32, 7), RouteChange.ADD);
        messages.answeredIfRefused();
        messages.route(route(IPV4, 32, 7), RouteChange.REMOVE);
        assertThat(written()).as("request create exclusive, then request ack")
                .matches("34000000" + "1800" + "0106" + ".{88}" + "34000000" + "1900" + "0500" + ".*");
        int length = put(error(1, Linux.EPERM, ""));
        String[] answers = new String[2];
        assertThat(NetlinkMessages.readAnswers(memory, length, 1, answers)).isFalse();
        length = put(error(2, 0, ""));
        assertThat(NetlinkMessages.readAnswers(memory, length, 1, answers)).isTrue();
        assertThat(answers).containsExactly("EPERM (operation not permitted)", "");
    }

    @Test
    void removingAnIpv6Route() {
        messages.route(route(IPV6, 48, 0x12345), RouteChange.REMOVE);
        assertThat(written()).isEqualTo("48000000" + "1900" + "0500" + "01000000" + "00000000"
                + "0a300000" + "fe4c0001" + "00000000"
                + "1400" + "0100" + "20010db8000900000000000000000000"
                + "0800" + "0400" + "45230100"
                + "0800" + "0f00" + "fe000000"
                + "0800" + "0600" + "00040000"); // metric 1024
    }

    @Test
    void addressesOfBothFamilies() {
        messages.address(3, SocketAddresses.address(IPV6), 128, true);
        assertThat(written()).isEqualTo("40000000" + "1400" + "0505" + "01000000" + "00000000"
                + "0a800200" + "03000000" // no duplicate address detection
                + "1400" + "0200" + "20010db8000900000000000000000000"
                + "1400" + "0100" + "20010db8000900000000000000000000");
        messages.clear();
        messages.address(3, SocketAddresses.address(IPV4), 32, false);
        assertThat(written()).isEqualTo("20000000" + "1500" + "0500" + "02000000" + "00000000"
                + "02200000" + "03000000" + "0800" + "0200" + "64400001");
    }

    @Test
    void requestsStandOneBehindTheOther() {
        messages.route(route(IPV4, 32, 7), RouteChange.REPLACE);
        messages.dumpRoutes(Linux.AF_INET6);
        assertThat(messages.lengthBytes()).isEqualTo(52 + 28);
        assertThat(written()).endsWith("1c000000" + "1a00" + "0103" + "02000000" + "00000000" + "0a" + "00".repeat(11));
    }

    @Test
    void ourRoutesAreReadAndOthersNot() {
        messages.route(route(IPV4, 24, 7), RouteChange.REPLACE);
        messages.route(route(IPV6, 48, 9), RouteChange.REPLACE);
        messages.route(route(IPV4, 32, 7), RouteChange.REPLACE);
        Memory.putByte(memory + messages.lengthBytes() - 52 + 16 + 5, 3); // another protocol's
        List<Route> routes = new ArrayList<>();
        assertThat(NetlinkMessages.readRoutes(memory, messages.lengthBytes(), routes)).isFalse();
        assertThat(routes).containsExactly(route(IPV4, 24, 7),
                new Route(SocketAddresses.address(IPV6), 48, 9, 254, 1024));
        put("14000000" + "0300" + "0200" + "02000000" + "00000000" + "00000000");
        assertThat(NetlinkMessages.readRoutes(memory, 20, routes)).as("NLMSG_DONE").isTrue();
    }

    private int put(String hex) {
        byte[] octets = HexFormat.of().parseHex(hex);
        Memory.fromArray(octets, 0, memory, octets.length);
        return octets.length;
    }

    private static String error(int sequence, int errno, String attributes) {
        int length = 36 + attributes.length() / 2;
        return "%02x000000".formatted(length) + "0200" + "0000" + "%02x000000".formatted(sequence) + "00000000"
                + HexFormat.of().formatHex(new byte[]{(byte) -errno, (byte) (-errno >> 8), (byte) (-errno >> 8),
                        (byte) (-errno >> 8)})
                + "00".repeat(16) + attributes;
    }

    @Test
    void answersGoToTheirRequests() {
        String text = "0c00" + "0100"
                + HexFormat.of().formatHex("no way\0\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        int length = put(error(12, Linux.EINVAL, text) + error(10, 0, "") + error(99, 0, "") + error(11, 3, "")
                + error(13, Linux.EPERM, "") + error(10, Linux.EPERM, ""));
        String[] answers = new String[4];
        assertThat(NetlinkMessages.readAnswers(memory, length, 10, answers)).as("the last one is answered").isTrue();
        assertThat(answers).containsExactly("", "", "EINVAL (invalid argument): no way",
                "EPERM (operation not permitted)");
    }

    private static String link(int type, int index, int flags) {
        return "20000000" + "%02x00".formatted(type) + "0000" + "00000000" + "00000000"
                + "0000feff" + "%02x000000".formatted(index) + "%02x000000".formatted(flags) + "ffffffff";
    }

    private LinkMonitor.Heard heard(String hex) { return NetlinkMessages.readNotifications(memory, put(hex), 7); }

    @Test
    void notificationsTellOfOneInterface() {
        LinkMonitor.Heard nothing = new LinkMonitor.Heard(false, false, false, false);
        String removal = "18000000" + "1500" + "0000" + "00000000" + "00000000" + "02200000" + "07000000";
        assertThat(heard(link(16, 7, 1) + link(16, 8, 0) + link(17, 9, 1))).as("up; others down, gone")
                .isEqualTo(nothing);
        assertThat(heard(link(16, 7, 0) + link(16, 7, 1))).as("down for a moment")
                .isEqualTo(new LinkMonitor.Heard(true, false, false, false));
        assertThat(heard(link(17, 7, 1))).as("deleted").isEqualTo(new LinkMonitor.Heard(true, false, false, false));
        assertThat(heard(link(16, 8, 0) + removal)).as("RTM_DELADDR")
                .isEqualTo(new LinkMonitor.Heard(false, true, false, false));
        assertThat(heard(removal.replace("1500", "1400"))).as("RTM_NEWADDR").isEqualTo(nothing);
        String route = "24000000" + "1900" + "0000" + "00000000" + "00000000" + "02200000" + "fe4c0001" + "00000000"
                + "0800" + "0400" + "07000000";
        assertThat(heard(route)).as("RTM_DELROUTE").isEqualTo(new LinkMonitor.Heard(false, false, true, false));
        assertThat(heard(route.replace("07000000", "08000000"))).as("of another").isEqualTo(nothing);
        assertThat(heard(link(17, 7, 1).substring(0, 40))).as("cut short").isEqualTo(nothing);
    }

    @Test
    void whateverTheOctetsReadingEndsWithinThem() {
        Random random = new Random(77);
        System.out.println("seed 77");
        messages.route(route(IPV4, 24, 7), RouteChange.REPLACE);
        messages.route(route(IPV6, 48, 9), RouteChange.REPLACE);
        byte[] good = Memory.toArray(memory, messages.lengthBytes());
        for (int i = 0; i < 50_000; i++) {
            byte[] octets = java.util.Arrays.copyOf(good, random.nextInt(good.length + 1));
            for (int change = random.nextInt(4); change > 0 && octets.length > 0; change--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            Memory.fromArray(octets, 0, memory, octets.length);
            String[] answers = new String[3];
            assertThat(NetlinkMessages.readAnswers(memory, octets.length, 0, answers)).isEqualTo(answers[2] != null);
            assertThat(NetlinkMessages.readNotifications(memory, octets.length, 7)).isNotNull();
            List<Route> routes = new ArrayList<>();
            NetlinkMessages.readRoutes(memory, octets.length, routes);
            assertThat(routes).hasSizeLessThanOrEqualTo(3);
        }
    }
}

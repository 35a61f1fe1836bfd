package org.lnsd.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The data types of attributes: RFC 2865 section 5, RFC 2868 section 3, RFC 3162 section 2.3, RFC 4818 section 3. */
class RadiusAttributeTest {
    private static final AttributeType PLAIN = AttributeType.of(1);
    private static final AttributeType VENDOR = new AttributeType(9, 1);

    private static RadiusAttribute hex(String octets) {
        return RadiusAttribute.of(PLAIN, HexFormat.of().parseHex(octets));
    }

    private static String hex(RadiusAttribute attribute) { return HexFormat.of().formatHex(attribute.value()); }

    private static Inet6Address ipv6(String text) throws Exception {
        return (Inet6Address) InetAddress.getByName(text);
    }

    // RFC 2865 section 5: the Length octet counts itself and the type; section 5.26: a vendor's has six octets more
    @Test
    void aValueFitsIntoItsAttribute() {
        assertThat(RadiusAttribute.of(PLAIN, new byte[253]).value()).hasSize(253);
        assertThat(RadiusAttribute.of(VENDOR, new byte[247]).value()).hasSize(247);
        assertThatThrownBy(() -> RadiusAttribute.of(PLAIN, new byte[254])).hasMessageContaining("254 > 253");
        assertThatThrownBy(() -> RadiusAttribute.of(VENDOR, new byte[248])).hasMessageContaining("248 > 247");
        assertThat(RadiusAttribute.text(PLAIN, "x".repeat(300)).value()).hasSize(253);
        assertThat(RadiusAttribute.text(VENDOR, "x".repeat(300)).value()).hasSize(247);
        assertThat(RadiusAttribute.octets(VENDOR, new byte[]{1, 2}).value()).containsExactly(1, 2);
        assertThat(RadiusAttribute.taggedText(PLAIN, 3, "x".repeat(300)).value()).hasSize(253).startsWith(3, 'x');
    }

    // RFC 2865 section 5: big-endian, unsigned
    @ParameterizedTest
    @CsvSource({"00000000, 0, 0, ''", "7fffffff, 2147483647, 2147483647, ''", "80000000, 2147483648, '', ''",
            "ffffffff, 4294967295, '', ''", "000000, '', '', ''", "0000000000, '', '', ''",
            "0000000100000002, '', '', 4294967298", "ffffffffffffffff, '', '', -1"})
    void numbersAreReadWhereTheLengthIsRight(String octets, String unsigned, String positive, String long64) {
        RadiusAttribute attribute = hex(octets);
        assertThat(attribute.asUnsigned())
                .isEqualTo(unsigned.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(unsigned)));
        assertThat(attribute.asInt())
                .isEqualTo(positive.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(positive)));
        assertThat(attribute.asLong64())
                .isEqualTo(long64.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(long64)));
    }

    @Test
    void numbersAreWrittenInNetworkOrder() {
        assertThat(hex(RadiusAttribute.integer(PLAIN, 0xdeadbeefL))).isEqualTo("deadbeef");
        assertThat(hex(RadiusAttribute.long64(PLAIN, 0x0123456789abcdefL))).isEqualTo("0123456789abcdef");
        // RFC 2868 section 3.1: the tag takes the first octet
        assertThat(hex(RadiusAttribute.taggedInteger(PLAIN, 0x1f, 0x12345678))).isEqualTo("1f345678");
    }

    // RFC 2865 section 5: text is UTF-8; some servers end it by NUL
    @ParameterizedTest
    @CsvSource({"616c696365, alice", "616c69636500, alice", "6100620000, a\0b", "'', ''", "0000, ''", "c3a9, é",
            "ff61, \ufffda"})
    void textMayEndByNul(String octets, String text) { assertThat(hex(octets).asText()).isEqualTo(text); }

    @ParameterizedTest
    @CsvSource({"c0000207, 192.0.2.7, ''", "c00002, '', ''",
            "20010db8000000000000000000000007, '', 2001:db8:0:0:0:0:0:7",
            "00000000000000000000ffffc0000207, '', ''", "20010db80000000000000000000000, '', ''"})
    void addressesAreReadWhereTheLengthIsRight(String octets, String ipv4, String ipv6) {
        assertThat(hex(octets).asIpv4().map(InetAddress::getHostAddress).orElse("")).isEqualTo(ipv4);
        assertThat(hex(octets).asIpv6().map(InetAddress::getHostAddress).orElse("")).isEqualTo(ipv6);
    }

    // RFC 3162 section 2.3: reserved octet, length, no more octets than the prefix has; bits behind the length must be 0
    @ParameterizedTest
    @CsvSource({"004020010db800000001, 64, 2001:db8:0:1:0:0:0:0", "003820010db8000000ff, 56, 2001:db8:0:0:0:0:0:0",
            "003f20010db80000ffff, 63, 2001:db8:0:fffe:0:0:0:0", "0000, 0, 0:0:0:0:0:0:0:0",
            "008020010db8000000000000000000000001, 128, 2001:db8:0:0:0:0:0:1", "004020010db8, '', ''", "00, '', ''",
            "008120010db8000000000000000000000001, '', ''", "00ff20010db8000000000000000000000001, '', ''",
            "004020010db800000000000000000000000000, '', ''"})
    void prefixesAreReadWhereTheyAreWellFormed(String octets, String lengthBits, String address) {
        assertThat(hex(octets).asPrefixLength())
                .isEqualTo(lengthBits.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(lengthBits)));
        assertThat(hex(octets).asPrefixAddress().map(InetAddress::getHostAddress).orElse("")).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({"64, 004020010db800000001", "61, 003d20010db800000001", "48, 003020010db80000", "0, 0000"})
    void prefixesAreWrittenWithoutSuperfluousOctets(int lengthBits, String octets) throws Exception {
        assertThat(hex(RadiusAttribute.prefix(PLAIN, ipv6("2001:db8:0:1::"), lengthBits))).isEqualTo(octets);
    }

    @Test
    void attributesAreEqualByTypeAndOctetsAndNeverShowTheirValue() throws Exception {
        RadiusAttribute secret = RadiusAttribute.text(PLAIN, "secret");
        assertThat(secret).isEqualTo(hex("736563726574")).hasSameHashCodeAs(hex("736563726574"))
                .isNotEqualTo(RadiusAttribute.text(VENDOR, "secret")).isNotEqualTo(hex("736563"))
                .isNotEqualTo("secret");
        assertThat(secret).hasToString("attribute 1 of 6 octets");
        assertThat(RadiusAttribute.text(VENDOR, "secret")).hasToString("attribute 26.9.1 of 6 octets");
        assertThat(RadiusAttribute.address(PLAIN, ipv6("2001:db8::7")).asIpv6()).isEqualTo(Optional.of(ipv6(
                "2001:db8::7")));
    }
}

package org.lnsd.radius;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One attribute: its type and the octets of its value. The octets are not copied; nobody changes them. */
public final class RadiusAttribute {
    private final AttributeType type;
    private final byte[] value;

    private RadiusAttribute(AttributeType type, byte[] value) {
        this.type = type;
        this.value = value;
    }

    /** An attribute of raw octets, at most 253 of them, 247 with a vendor. */
    public static RadiusAttribute of(AttributeType type, byte[] value) {
        int limitBytes = type.isVendorSpecific() ? 247 : 253;
        if (value.length > limitBytes) {
            throw new IllegalArgumentException(
                    "value of attribute " + type + " has " + value.length + " > " + limitBytes + " octets");
        }
        return new RadiusAttribute(type, value);
    }

    /** An attribute of text; what does not fit into one attribute is cut off. */
    public static RadiusAttribute text(AttributeType type, String value) {
        return octets(type, value.getBytes(StandardCharsets.UTF_8));
    }

    /** An attribute of octets; what does not fit into one attribute is cut off. */
    public static RadiusAttribute octets(AttributeType type, byte[] octets) {
        int limitBytes = type.isVendorSpecific() ? 247 : 253;
        return new RadiusAttribute(type, octets.length > limitBytes ? Arrays.copyOf(octets, limitBytes) : octets);
    }

    /** An attribute of 32 bits. */
    public static RadiusAttribute integer(AttributeType type, long value) {
        return new RadiusAttribute(type,
                new byte[]{(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
    }

    /** An attribute of 64 bits. */
    public static RadiusAttribute long64(AttributeType type, long value) {
        byte[] octets = new byte[8];
        for (int i = 0; i < 8; i++) {
            octets[i] = (byte) (value >>> (56 - 8 * i));
        }
        return new RadiusAttribute(type, octets);
    }

    /** An attribute of an IPv4 or IPv6 address. */
    public static RadiusAttribute address(AttributeType type, InetAddress value) {
        return new RadiusAttribute(type, value.getAddress());
    }

    /** An attribute of an IPv6 prefix: a zero octet, the length and no more octets of the prefix than it has (RFC 3162 section 2.3). */
    public static RadiusAttribute prefix(AttributeType type, Inet6Address prefix, int lengthBits) {
        int significantBytes = (lengthBits + 7) / 8;
        byte[] octets = new byte[2 + significantBytes];
        octets[1] = (byte) lengthBits;
        System.arraycopy(prefix.getAddress(), 0, octets, 2, significantBytes);
        return new RadiusAttribute(type, octets);
    }

    /** A tagged attribute of text (RFC 2868 section 3.3). */
    public static RadiusAttribute taggedText(AttributeType type, int tag, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        int lengthBytes = Math.min(text.length, 252);
        byte[] octets = new byte[1 + lengthBytes];
        octets[0] = (byte) tag;
        System.arraycopy(text, 0, octets, 1, lengthBytes);
        return new RadiusAttribute(type, octets);
    }

    /** A tagged attribute of 24 bits (RFC 2868 section 3.1). */
    public static RadiusAttribute taggedInteger(AttributeType type, int tag, int value) {
        return integer(type, ((long) tag << 24) | (value & 0xFF_FFFF));
    }

    /** What it is. */
    public AttributeType type() { return type; }

    /** The octets themselves, not to be changed. */
    public byte[] value() { return value; }

    /** The value as text; octets that are no UTF-8 become replacement characters. A trailing NUL, which some servers send, is left out. */
    public String asText() {
        int lengthBytes = value.length;
        while (lengthBytes > 0 && value[lengthBytes - 1] == 0) {
            lengthBytes--;
        }
        return new String(value, 0, lengthBytes, StandardCharsets.UTF_8);
    }

    /** The value as an unsigned 32-bit number; empty when it has not four octets. */
    public OptionalLong asUnsigned() {
        return value.length == 4 ? OptionalLong.of(bits32() & 0xFFFF_FFFFL) : OptionalLong.empty();
    }

    /** The value as a number from 0 to 2^31-1; empty when it is none. */
    public OptionalInt asInt() {
        return value.length == 4 && value[0] >= 0 ? OptionalInt.of(bits32()) : OptionalInt.empty();
    }

    /** The value as 64 bits; empty when it has not eight octets. */
    public OptionalLong asLong64() {
        if (value.length != 8) {
            return OptionalLong.empty();
        }
        long bits = 0;
        for (byte octet : value) {
            bits = (bits << 8) | (octet & 0xFF);
        }
        return OptionalLong.of(bits);
    }

    /** The value as an IPv4 address; empty when it has not four octets. */
    public Optional<Inet4Address> asIpv4() {
        return value.length == 4 ? Optional.of((Inet4Address) addressOf(value)) : Optional.empty();
    }

    /** The value as an IPv6 address; empty when it has not 16 octets or stands for an IPv4 address. */
    public Optional<Inet6Address> asIpv6() {
        return value.length == 16 && addressOf(value) instanceof Inet6Address address
                ? Optional.of(address)
                : Optional.empty();
    }

    /** The prefix length of an IPv6 prefix attribute; empty when the value is malformed (RFC 3162 section 2.3, RFC 4818 section 3). */
    public OptionalInt asPrefixLength() {
        if (value.length < 2 || value.length > 18) {
            return OptionalInt.empty();
        }
        int lengthBits = value[1] & 0xFF;
        boolean enough = lengthBits <= 128 && (value.length - 2) * 8 >= lengthBits;
        return enough ? OptionalInt.of(lengthBits) : OptionalInt.empty();
    }

    /** The address of an IPv6 prefix attribute, bits behind its length cleared; empty when the value is malformed. */
    public Optional<Inet6Address> asPrefixAddress() {
        OptionalInt lengthBits = asPrefixLength();
        if (lengthBits.isEmpty()) {
            return Optional.empty();
        }
        byte[] octets = new byte[16];
        System.arraycopy(value, 2, octets, 0, value.length - 2);
        for (int i = 0; i < 16; i++) {
            octets[i] &= (byte) (0xFF << (8 - Math.clamp(lengthBits.getAsInt() - 8L * i, 0, 8)));
        }
        return addressOf(octets) instanceof Inet6Address address ? Optional.of(address) : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RadiusAttribute attribute && type.equals(attribute.type)
                && Arrays.equals(value, attribute.value);
    }

    @Override
    public int hashCode() { return type.hashCode() * 31 + Arrays.hashCode(value); }

    /** Only the type and length: values may be secrets. */
    @Override
    public String toString() { return "attribute " + type + " of " + value.length + " octets"; }

    private int bits32() {
        return ((value[0] & 0xFF) << 24) | ((value[1] & 0xFF) << 16) | ((value[2] & 0xFF) << 8) | (value[3] & 0xFF);
    }

    private static InetAddress addressOf(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException wrongLength) {
            throw new AssertionError(wrongLength);
        }
    }
}

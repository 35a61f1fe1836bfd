package org.lnsd.radius;

/** What octets turned out to be. */
public sealed interface RadiusDecoded {
    /**
     * A packet of the right form; nothing is said about its authenticator.
     *
     * @param packet the packet
     * @param lengthBytes its length; octets behind it are padding (RFC 2865 section 3)
     */
    record Packet(RadiusPacket packet, int lengthBytes) implements RadiusDecoded {}

    /**
     * No packet: to be dropped silently and counted.
     *
     * @param why what is wrong, with value and limit
     */
    record Malformed(String why) implements RadiusDecoded {}
}

package org.lnsd.radius;

import java.util.List;
import java.util.Optional;

/** A decoded packet. */
public final class RadiusPacket {
    /** Octets before the attributes. */
    public static final int HEADER_BYTES = 20;
    /** Longest packet (RFC 2865 section 3). */
    public static final int MAXIMUM_BYTES = 4096;

    private final RadiusCode code;
    private final int identifier;
    private final byte[] authenticator;
    private final List<RadiusAttribute> attributes;

    RadiusPacket(RadiusCode code, int identifier, byte[] authenticator, List<RadiusAttribute> attributes) {
        this.code = code;
        this.identifier = identifier;
        this.authenticator = authenticator;
        this.attributes = List.copyOf(attributes);
    }

    /** What it is. */
    public RadiusCode code() { return code; }

    /** 0 to 255. */
    public int identifier() { return identifier; }

    /** The 16 octets of the authenticator, not to be changed. */
    public byte[] authenticator() { return authenticator; }

    /** The attributes in the packet's order, those of vendors taken out of their Vendor-Specific. */
    public List<RadiusAttribute> attributes() {
        return attributes;
    }

    /** The first attribute of a type. */
    public Optional<RadiusAttribute> first(AttributeType type) {
        for (RadiusAttribute attribute : attributes) {
            if (attribute.type().equals(type)) {
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }

    /** All attributes of a type, in order. */
    public List<RadiusAttribute> all(AttributeType type) {
        return attributes.stream().filter(attribute -> attribute.type().equals(type)).toList();
    }

    @Override
    public String toString() {
        return "RADIUS code " + code.number() + " identifier " + identifier + " with " + attributes.size()
                + " attributes";
    }
}

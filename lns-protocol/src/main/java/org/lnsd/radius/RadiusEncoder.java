package org.lnsd.radius;

import java.util.List;

import io.netty.buffer.ByteBuf;

/** Writes one packet into a buffer and closes it with its authenticators. One thread at a time; used again after {@link #end}. */
public final class RadiusEncoder {
    private static final int NO_MESSAGE_AUTHENTICATOR = -1;

    private final RadiusCrypto crypto;
    private ByteBuf packet = io.netty.buffer.Unpooled.EMPTY_BUFFER;
    private int start;
    private int messageAuthenticatorAt = NO_MESSAGE_AUTHENTICATOR;

    /** An encoder that uses the functions of {@code crypto}. */
    public RadiusEncoder(RadiusCrypto crypto) {
        this.crypto = crypto;
    }

    /** Begins a packet at the writer index of {@code into}, which is borrowed until {@link #end}. */
    public void begin(ByteBuf into, RadiusCode code, int identifier, byte[] authenticator) {
        packet = into;
        start = into.writerIndex();
        messageAuthenticatorAt = NO_MESSAGE_AUTHENTICATOR;
        into.writeByte(code.number()).writeByte(identifier).writeShort(0).writeBytes(authenticator);
    }

    /** Makes room for a Message-Authenticator. Called first, so that it is the first attribute (draft-ietf-radext-deprecating-radius section 5.2). */
    public void messageAuthenticator() {
        packet.writeByte(Attributes.MESSAGE_AUTHENTICATOR.number()).writeByte(18);
        messageAuthenticatorAt = packet.writerIndex() - start;
        packet.writeZero(16);
    }

    /** Writes an attribute. @return false when the packet has no room for it, and nothing is written */
    public boolean attribute(RadiusAttribute attribute) {
        byte[] value = attribute.value();
        AttributeType type = attribute.type();
        int overheadBytes = type.isVendorSpecific() ? 8 : 2;
        if (packet.writerIndex() - start + overheadBytes + value.length > RadiusPacket.MAXIMUM_BYTES) {
            return false;
        }
        if (type.isVendorSpecific()) {
            packet.writeByte(Attributes.VENDOR_SPECIFIC.number()).writeByte(overheadBytes + value.length)
                    .writeInt(type.vendor());
        }
        packet.writeByte(type.number()).writeByte(2 + value.length).writeBytes(value);
        return true;
    }

    /** Writes attributes in order; those that find no room are left out. */
    public void attributes(List<RadiusAttribute> attributes) {
        for (RadiusAttribute attribute : attributes) {
            attribute(attribute);
        }
    }

    /** Closes a request whose authenticator is random: Access-Request, Status-Server. */
    public void end(byte[] secret) {
        setLength();
        byte[] authenticator = new byte[16];
        packet.getBytes(start + 4, authenticator);
        signMessage(authenticator, secret);
    }

    /** Closes a request whose authenticator is a digest: Accounting-Request (RFC 2866 section 3), Disconnect- and CoA-Request (RFC 5176 section 2.3). */
    public void endDigested(byte[] secret) {
        endAnswer(RadiusCrypto.zeroAuthenticator(), secret);
    }

    /** Closes an answer to a request that had {@code requestAuthenticator} (RFC 2865 section 3). */
    public void endAnswer(byte[] requestAuthenticator, byte[] secret) {
        int lengthBytes = setLength();
        signMessage(requestAuthenticator, secret);
        byte[] digest = crypto.packetDigest(packet, start, lengthBytes, requestAuthenticator, secret);
        packet.setBytes(start + 4, digest);
    }

    private int setLength() {
        int lengthBytes = packet.writerIndex() - start;
        packet.setShort(start + 2, lengthBytes);
        return lengthBytes;
    }

    private void signMessage(byte[] authenticator, byte[] secret) {
        if (messageAuthenticatorAt != NO_MESSAGE_AUTHENTICATOR) {
            int lengthBytes = packet.writerIndex() - start;
            packet.setBytes(start + messageAuthenticatorAt, crypto.messageAuthenticator(packet, start, lengthBytes,
                    messageAuthenticatorAt, authenticator, secret));
        }
    }
}

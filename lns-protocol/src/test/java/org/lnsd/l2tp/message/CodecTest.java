package org.lnsd.l2tp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lnsd.l2tp.avp.AvpFault;
import org.lnsd.l2tp.avp.AvpHiding;
import org.lnsd.l2tp.avp.AvpType;
import org.lnsd.l2tp.avp.AvpWriter;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.avp.Secret;
import org.lnsd.l2tp.avp.VendorAvp;
import org.lnsd.l2tp.header.ControlHeader;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

/** The codec of messages: RFC 2661 sections 4.1 to 4.4 and 6. */
class CodecTest {
    private static final Secret SECRET = Secret.of("s3cret");

    private static Decoded decode(byte[] message, boolean strict) {
        return new MessageDecoder(new AvpHiding(SECRET), strict).decode(Unpooled.wrappedBuffer(message),
                ControlHeader.LENGTH_BYTES, message.length - ControlHeader.LENGTH_BYTES);
    }

    private static Decoded decodeAvps(AvpWriter avps) {
        byte[] octets = avps.toByteArray();
        return new MessageDecoder(new AvpHiding(SECRET), false).decode(Unpooled.wrappedBuffer(octets), 0,
                octets.length);
    }

    private static AvpWriter message(MessageType type) {
        AvpWriter out = new AvpWriter();
        out.write16(AvpType.MESSAGE_TYPE, type.number());
        return out;
    }

    private static void fault(Decoded decoded, AvpFault.Kind kind) {
        assertThat(decoded).isInstanceOf(Decoded.Faulty.class);
        assertThat(((Decoded.Faulty) decoded).fault().kind()).isEqualTo(kind);
    }

    // RFC 2661 sections 4.3 and 6: what one end writes, hidden or not, the other reads
    @ParameterizedTest
    @EnumSource(MessageType.class)
    void everyMessageComesBack(MessageType type) {
        for (long seed = 0; seed < 500; seed++) {
            ControlMessage message = new RandomMessages(seed).of(type);
            for (AvpHiding hiding : new AvpHiding[]{null, new AvpHiding(SECRET)}) {
                byte[] octets = new MessageEncoder(hiding, new SplittableRandom(seed)).encode(message, 1, 2);
                ControlHeader header = ControlHeader.read(Unpooled.wrappedBuffer(octets));
                assertThat(header).as("seed " + seed).isEqualTo(new ControlHeader(octets.length, 1, 2, 0, 0));
                assertThat(decode(octets, true)).as("seed " + seed).isEqualTo(new Decoded.Message(message));
            }
        }
    }

    // RFC 2661 section 4.4.1: M is set for all message types of that document; a peer may ignore those of later ones
    @ParameterizedTest
    @EnumSource(MessageType.class)
    void theMBitOfTheMessageType(MessageType type) {
        byte[] octets = MessageEncoder.plain().encode(new RandomMessages(1).of(type), 1, 2);
        boolean mandatory = (octets[ControlHeader.LENGTH_BYTES] & 0x80) != 0;
        assertThat(mandatory).isEqualTo(type != MessageType.CSUN && type != MessageType.CSURQ);
    }

    // RFC 2661 section 4.1: what each message of ours carries has the M and H bits of its definition and reserved bits of 0
    @ParameterizedTest
    @EnumSource(MessageType.class)
    void flagsOfTheAvpsThatWeSend(MessageType type) {
        for (long seed = 0; seed < 100; seed++) {
            byte[] octets = new MessageEncoder(new AvpHiding(SECRET), new SplittableRandom(seed))
                    .encode(new RandomMessages(seed).of(type), 1, 2);
            ByteBuf avps = Unpooled.wrappedBuffer(octets).skipBytes(ControlHeader.LENGTH_BYTES + 8);
            boolean vector = false;
            while (avps.isReadable()) {
                int flags = avps.readUnsignedShort();
                int vendorId = avps.readUnsignedShort();
                AvpType avp = vendorId == 0 ? AvpType.of(avps.readUnsignedShort()) : null;
                avps.skipBytes((flags & 0x3ff) - (vendorId == 0 ? 6 : 4));
                assertThat(flags & 0x3c00).as("reserved bits").isZero();
                if (avp != null) {
                    assertThat((flags & 0x8000) != 0).as("M of " + avp).isEqualTo(avp.mandatory());
                    assertThat((flags & 0x4000) != 0).as("H of " + avp).isEqualTo(vector && avp.mayBeHidden());
                    vector |= avp == AvpType.RANDOM_VECTOR;
                }
            }
        }
    }

    // RFC 2661 section 4.4.1
    @Test
    void aMessageTypeThatIsNone() {
        for (String first : List.of("c00800000000" + "0006", "840800000000" + "0006", "800800090000" + "0006",
                "800800000007" + "0006")) {
            assertThat(unreadable(first)).as(first).isEqualTo(AvpFault.Kind.BAD_VALUE);
        }
        for (String first : List.of("800600000000", "800700000000" + "06", "800a00000000" + "00000006")) {
            assertThat(unreadable(first)).as(first).isEqualTo(AvpFault.Kind.BAD_LENGTH);
        }
    }

    private static AvpFault.Kind unreadable(String avps) {
        byte[] octets = HexFormat.of().parseHex(avps);
        Decoded decoded = new MessageDecoder(null, false).decode(Unpooled.wrappedBuffer(octets), 0, octets.length);
        return ((Decoded.Unreadable) decoded).fault().kind();
    }

    // RFC 5515 section 5
    @Test
    void theAccessLineComesBack() {
        for (long seed = 0; seed < 200; seed++) {
            AccessLine line = new RandomMessages(seed).accessLine();
            IncomingCall call = IncomingCall.of(1, "a", "b").withPeerSessionId(9).withAccessLine(line);
            byte[] octets = MessageEncoder.plain().encode(new Icrq(call), 1, 0);
            Icrq read = (Icrq) ((Decoded.Message) decode(octets, true)).message();
            assertThat(read.call().accessLine()).as("seed " + seed).isEqualTo(line);
            byte[] again = MessageEncoder.plain().encode(read, 1, 0);
            assertThat(again).as("relayed unchanged, seed " + seed).isEqualTo(octets);
        }
    }

    // RFC 2661 section 6: the MUST be present lists
    @ParameterizedTest
    @EnumSource(MessageType.class)
    void eachRequiredAvpIsMissed(MessageType type) {
        for (AvpType missing : MessageRules.of(type).required()) {
            AvpWriter out = message(type);
            for (AvpType required : MessageRules.of(type).required()) {
                if (required != missing) {
                    out.writeBytes(required, sample(required));
                }
            }
            fault(decodeAvps(out), AvpFault.Kind.MISSING);
        }
    }

    private static byte[] sample(AvpType type) {
        for (int length = 1; length < 40; length++) {
            if (type.acceptsLength(length)) {
                byte[] value = new byte[length];
                value[length - 1] = 1;
                return value;
            }
        }
        return new byte[0];
    }

    // RFC 2661 section 4.1: lengths below the header or beyond the message
    @Test
    void brokenAvpLengthsAreFaults() {
        for (int length : new int[]{0, 5, 100}) {
            AvpWriter out = message(MessageType.HELLO);
            out.raw16(0x8000 | length);
            out.raw16(0);
            out.raw16(7);
            fault(decodeAvps(out), AvpFault.Kind.BAD_LENGTH);
        }
        AvpWriter truncated = message(MessageType.HELLO);
        truncated.raw16(0);
        fault(decodeAvps(truncated), AvpFault.Kind.BAD_LENGTH);
    }

    // RFC 2661 section 4.4: each AVP has its length
    @ParameterizedTest
    @EnumSource(value = AvpType.class, names = {"MESSAGE_TYPE", "RANDOM_VECTOR"}, mode = EnumSource.Mode.EXCLUDE)
    void wrongValueLengthsCountByTheMBit(AvpType type) {
        for (int length = 0; length < 40; length++) {
            if (!type.acceptsLength(length)) {
                for (int mandatory : new int[]{0, 0x8000}) {
                    AvpWriter out = message(MessageType.HELLO);
                    out.raw16(mandatory | (6 + length));
                    out.raw16(0);
                    out.raw16(type.number());
                    for (int index = 0; index < length; index += 2) {
                        out.raw16(0);
                    }
                    byte[] octets = out.toByteArray();
                    Decoded decoded = new MessageDecoder(null, false).decode(Unpooled.wrappedBuffer(octets), 0,
                            8 + 6 + length);
                    if (mandatory == 0) {
                        assertThat(decoded).isEqualTo(new Decoded.Message(new Hello()));
                    } else {
                        fault(decoded, AvpFault.Kind.BAD_LENGTH);
                    }
                }
            }
        }
    }

    // RFC 2661 section 4.3: the vector nearest before counts
    @Test
    void severalRandomVectors() {
        AvpHiding hiding = new AvpHiding(SECRET);
        AvpWriter out = message(MessageType.ICRQ);
        out.startHiding(hiding, new byte[]{1, 2, 3});
        out.write16(AvpType.ASSIGNED_SESSION_ID, 77);
        out.startHiding(hiding, new byte[]{9});
        out.write32(AvpType.CALL_SERIAL_NUMBER, 99);
        out.writeText(AvpType.CALLED_NUMBER, "0123456789012345678901234567890123456789");
        IncomingCall call = ((Icrq) ((Decoded.Message) decodeAvps(out)).message()).call();
        assertThat(call.peerSessionId()).isEqualTo(77);
        assertThat(call.callSerialNumber()).isEqualTo(99);
        assertThat(call.calledNumber()).contains("0123456789012345678901234567890123456789");
    }

    // RFC 2661 section 4.3: no secret, no vector, or another secret
    @Test
    void hiddenAvpsThatCannotBeRevealed() {
        AvpWriter noVector = message(MessageType.ICRP);
        noVector.raw16(0xc000 | 10);
        noVector.raw16(0);
        noVector.raw16(14);
        noVector.raw16(1);
        noVector.raw16(2);
        fault(decodeAvps(noVector), AvpFault.Kind.BAD_VALUE);
        byte[] hidden = new MessageEncoder(new AvpHiding(Secret.of("other")), new SplittableRandom(1))
                .encode(new Icrp(5), 1, 2);
        fault(decode(hidden, false), AvpFault.Kind.BAD_VALUE);
        Decoded withoutSecret = new MessageDecoder(null, false).decode(Unpooled.wrappedBuffer(hidden), 12,
                hidden.length - 12);
        fault(withoutSecret, AvpFault.Kind.BAD_VALUE);
    }

    // RFC 2661 section 4.1: vendors' AVPs
    @Test
    void vendorAvps() {
        AvpWriter out = message(MessageType.ICRP);
        out.write16(AvpType.ASSIGNED_SESSION_ID, 5);
        out.writeVendor(new VendorAvp(VendorAvp.DSL_FORUM, 1, true, Octets.of((byte) 'x')));
        out.writeVendor(new VendorAvp(VendorAvp.CISCO, 100, true, Octets.EMPTY));
        out.writeVendor(new VendorAvp(311, 1, false, Octets.EMPTY));
        assertThat(decodeAvps(out)).isEqualTo(new Decoded.Message(new Icrp(5)));
        out.writeVendor(new VendorAvp(311, 1, true, Octets.EMPTY));
        fault(decodeAvps(out), AvpFault.Kind.UNKNOWN_MANDATORY);
    }

    @Test
    void strictRefusesKnownAvpsOutsideTheirMessages() {
        AvpWriter out = message(MessageType.HELLO);
        out.writeText(AvpType.HOST_NAME, "x");
        assertThat(decodeAvps(out)).isEqualTo(new Decoded.Message(new Hello()));
        byte[] octets = out.toByteArray();
        fault(new MessageDecoder(null, true).decode(Unpooled.wrappedBuffer(octets), 0, octets.length),
                AvpFault.Kind.UNKNOWN_MANDATORY);
    }

    // RFC 2661 section 6.1, octets written by hand
    @Test
    void aSccrqAsItStandsOnTheWire() {
        byte[] octets = HexFormat.of().parseHex("c8020059000000000000000080080000000000018008000000020100800a0000"
                + "000300000003800a00000004000000000008000000060690800900000007" + "6c6163" + "0008000000086162"
                + "80080000000900018008" + "0000000a0004");
        assertThat(octets).hasSize(0x59);
        Sccrq sccrq = (Sccrq) ((Decoded.Message) decode(octets, true)).message();
        assertThat(sccrq.sender().hostName()).isEqualTo("lac");
        assertThat(sccrq.sender().vendorName()).contains("ab");
        assertThat(sccrq.sender().receiveWindow()).isEqualTo(4);
        assertThat(sccrq.assignedTunnelId()).isEqualTo(1);
        assertThat(SccrqPeek.of(Unpooled.wrappedBuffer(octets), Optional.empty()))
                .isEqualTo(new SccrqPeek.Request("lac", 1, 0, Optional.empty()));
    }

    // RFC 2661 section 6.4
    @Test
    void aRefusalNeedsNoState() {
        ByteBuf reply = StatelessReply.stopCcn(UnpooledByteBufAllocator.DEFAULT,
                new SccrqPeek.Request("lac", 7, 0, Optional.empty()), 9, ResultCode.STOP_NOT_AUTHORIZED,
                ErrorCode.NONE, "who are you?");
        ControlHeader header = ControlHeader.read(reply);
        assertThat(header).isEqualTo(new ControlHeader(reply.readableBytes(), 7, 0, 0, 1));
        assertThat(new MessageDecoder(null, true).decode(reply, 12, header.lengthBytes() - 12))
                .isEqualTo(new Decoded.Message(
                        new StopCcn(9, ResultCode.STOP_NOT_AUTHORIZED, ErrorCode.NONE, "who are you?")));
        reply.release();
    }

    @Test
    void peeksOnlyAtASccrq() {
        for (String octets : List.of("", "c802000c0000000000000000", "c802001400000000000000008008000000000006",
                "c802001400010000000000008008000000000001")) {
            assertThat(SccrqPeek.of(Unpooled.wrappedBuffer(HexFormat.of().parseHex(octets)), Optional.of(SECRET)))
                    .isInstanceOf(SccrqPeek.Unusable.class);
        }
    }
}

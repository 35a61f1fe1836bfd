package org.lnsd.l2tp.avp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The reading of AVPs at its limits: RFC 2661 section 4.1. */
class AvpTableTest {
    private final AvpWriter avps = new AvpWriter();

    AvpTableTest() { avps.writeMessageType(10, true); }

    private AvpTable read() {
        ByteBuf octets = Unpooled.wrappedBuffer(avps.toByteArray());
        return AvpTable.read(octets, 0, octets.readableBytes(), null);
    }

    @Test
    void ofAnAvpThatComesTwiceTheFirstCounts() {
        avps.write16(AvpType.ASSIGNED_SESSION_ID, 5);
        avps.write16(AvpType.ASSIGNED_SESSION_ID, 6);
        avps.writeMessageType(14, true);
        assertThat(read().get16(AvpType.ASSIGNED_SESSION_ID)).isEqualTo(5);
        assertThat(read().messageType()).isEqualTo(10);
        assertThat(read().fault()).isNull();
    }

    @Test
    void theFirstFaultIsTold() {
        avps.raw16(0x8000 | 6);
        avps.raw16(0);
        avps.raw16(1999);
        avps.raw16(0x8000 | 6);
        avps.raw16(4242);
        avps.raw16(1);
        avps.write16(AvpType.ASSIGNED_SESSION_ID, 5);
        assertThat(read().fault()).isEqualTo(new AvpFault(AvpFault.Kind.UNKNOWN_MANDATORY,
                "unknown mandatory AVP 1999"));
        assertThat(read().get16(AvpType.ASSIGNED_SESSION_ID)).as("for the answer's header").isEqualTo(5);
    }

    @Test
    void whatIsKeptOfVendorsAndSpeedsIsBounded() {
        for (int index = 0; index < 200; index++) {
            avps.writeVendor(new VendorAvp(9, index, false, Octets.EMPTY));
            avps.writeBytes(AvpType.CONNECT_SPEED_UPDATE, new byte[12]);
        }
        assertThat(read().vendorAvps()).hasSize(64);
        assertThat(read().speeds()).hasSize(128);
        assertThat(read().fault()).isNull();
    }

    @Test
    void absentValuesAreEmpty() {
        AvpTable table = read();
        assertThat(table.has(AvpType.HOST_NAME)).isFalse();
        assertThat(table.get16(AvpType.HOST_NAME)).isZero();
        assertThat(table.get32(AvpType.FRAMING_TYPE, 0)).isZero();
        assertThat(table.optional16(AvpType.FIRMWARE_REVISION)).isEmpty();
        assertThat(table.optionalInt(AvpType.BEARER_TYPE)).isEmpty();
        assertThat(table.optional32(AvpType.PHYSICAL_CHANNEL_ID)).isEmpty();
        assertThat(table.optionalText(AvpType.CALLED_NUMBER)).isEmpty();
        assertThat(table.optionalOctets(AvpType.CHALLENGE)).isEmpty();
        assertThat(table.text(AvpType.HOST_NAME, 0)).isEmpty();
        assertThat(table.octets(AvpType.CHALLENGE)).isEqualTo(Octets.EMPTY);
    }

    // RFC 2661 section 4.1: the Length has 10 bits, so a value has 1,017 octets at most, 1,015 when it is hidden
    @Test
    void valuesAreCutAtWhatAnAvpHolds() {
        avps.writeText(AvpType.HOST_NAME, "h".repeat(2_000));
        assertThat(read().text(AvpType.HOST_NAME, 0)).hasSize(1017);
        AvpHiding hiding = new AvpHiding(Secret.of("s"));
        avps.startHiding(hiding, new byte[]{1});
        avps.writeText(AvpType.VENDOR_NAME, "v".repeat(2_000));
        byte[] octets = avps.toByteArray();
        AvpTable table = AvpTable.read(Unpooled.wrappedBuffer(octets), 0, octets.length, hiding);
        assertThat(table.text(AvpType.VENDOR_NAME, 0)).hasSize(1015).matches("v+");
    }

    @Test
    void textIsUtf8AndWhatIsNoneIsReplaced() {
        avps.writeText(AvpType.CALLED_NUMBER, "\u20ac5");
        avps.writeBytes(AvpType.CALLING_NUMBER, new byte[]{'a', (byte) 0xff});
        assertThat(read().optionalText(AvpType.CALLED_NUMBER)).contains("\u20ac5");
        assertThat(read().octets(AvpType.CALLED_NUMBER)).isEqualTo(Octets.of("\u20ac5".getBytes(
                StandardCharsets.UTF_8)));
        assertThat(read().optionalText(AvpType.CALLING_NUMBER)).contains("a\ufffd");
    }
}

package org.lnsd.ppp.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of Configuration Options: RFC 1661 sections 5.4 and 6. */
class OptionsTest {
    private static Optional<List<Option>> decode(String hex) {
        return Options.decode(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
    }

    // RFC 1661 section 6: the length counts type, length and data
    @Test
    void optionsAreReadInOrder() {
        assertThat(decode("010405dc" + "0702" + "0506a1b2c3d4")).contains(
                List.of(Option.of16(1, 1500), Option.flag(7), Option.of32(5, 0xa1b2c3d4)));
        assertThat(decode("")).contains(List.of());
    }

    // RFC 1661 section 6: lengths below 2 and beyond the packet
    @ParameterizedTest
    @ValueSource(strings = {"01", "0100", "0101", "0103", "010405", "0702" + "07", "0702" + "0701", "ff", "ffff00"})
    void whatCannotBeToldApartIsNoList(String hex) { assertThat(decode(hex)).isEmpty(); }

    @Test
    void whatIsWrittenIsReadAgain() {
        long seed = 20261123;
        var random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            var options = new ArrayList<Option>();
            for (int count = random.nextInt(8); count > 0; count--) {
                byte[] data = new byte[random.nextInt(4) == 0 ? 253 : random.nextInt(12)];
                random.nextBytes(data);
                options.add(Option.of(random.nextInt(256), data));
            }
            ByteBuf wire = Unpooled.buffer();
            Options.encode(options, wire);
            assertThat(wire.readableBytes()).as("seed %d", seed).isEqualTo(Options.encodedBytes(options));
            assertThat(Options.decode(wire)).as("seed %d", seed).contains(options);
        }
    }

    // RFC 1661 section 5.4: "MUST be an ordered subset of the request", unchanged
    @ParameterizedTest
    @CsvSource({"'',true", "010405dc,true", "0702,true", "010405dc0702,true", "010405dc07020802,true",
            "010405dd,false", "07020104 05dc,false", "07020702,false", "0902,false", "010405dc070208020902,false"})
    void orderedSubsets(String part, boolean isOne) {
        List<Option> whole = decode("010405dc" + "0702" + "0802").orElseThrow();
        assertThat(Options.isOrderedSubset(decode(part.replace(" ", "")).orElseThrow(), whole)).isEqualTo(isOne);
    }

    @Test
    void numbersAreWrittenHighestOctetFirst() {
        ByteBuf wire = Unpooled.buffer();
        Options.encode(List.of(Option.of16(1, 0xfedc), Option.of32(2, 0xfedcba98), Option.of64(3, 0xfedcba9876543210L)),
                wire);
        assertThat(ByteBufUtil.hexDump(wire)).isEqualTo("0104fedc" + "0206fedcba98" + "030afedcba9876543210");
        List<Option> read = Options.decode(wire).orElseThrow();
        assertThat(read.get(0).number(2)).isEqualTo(0xfedcL);
        assertThat(read.get(1).number(4)).isEqualTo(0xfedcba98L);
        assertThat(read.get(2).number(8)).isEqualTo(0xfedcba9876543210L);
        assertThat(read.get(2)).hasToString("3:fedcba9876543210").isNotEqualTo(read.get(1))
                .hasSameHashCodeAs(Option.of64(3, 0xfedcba9876543210L));
    }
}

package org.lnsd.l2tp.message;

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.avp.AvpHiding;
import org.lnsd.l2tp.avp.Secret;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any octets become a message or a typed fault; what was read is written and read again alike. Fuzzes with JAZZER_FUZZ=1. */
class MessageFuzzTest {
    private static final Secret SECRET = Secret.of("s3cret");

    @FuzzTest(maxDuration = "1h")
    void decode(byte[] octets) {
        ByteBuf datagram = Unpooled.wrappedBuffer(octets);
        SccrqPeek.of(datagram, Optional.of(SECRET));
        SccrqPeek.of(datagram, Optional.empty());
        once(octets, null);
        once(octets, new AvpHiding(SECRET));
    }

    private static void once(byte[] octets, @Nullable AvpHiding hiding) {
        MessageDecoder decoder = new MessageDecoder(hiding, false);
        Decoded decoded = decoder.decode(Unpooled.wrappedBuffer(octets), 0, octets.length);
        if (decoded instanceof Decoded.Message message) {
            byte[] written = MessageEncoder.plain().encode(message.message(), 1, 1);
            Decoded again = decoder.decode(Unpooled.wrappedBuffer(written), 12, written.length - 12);
            if (!(again instanceof Decoded.Message second) || second.message().type() != message.message().type()) {
                throw new IllegalStateException(message + " became " + again);
            }
        }
    }
}

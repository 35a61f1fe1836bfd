package org.lnsd.l2tp.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.lnsd.l2tp.avp.AvpHiding;
import org.lnsd.l2tp.avp.Secret;
import org.lnsd.fuzz.Mutations;
import org.lnsd.l2tp.header.ControlHeader;

import io.netty.buffer.Unpooled;

/**
 * Legal messages with some octets changed, cut or inserted: each decodes to a message or to a typed fault, and what is allocated stays
 * in proportion.
 */
class DecoderMutationTest {
    private static final Secret SECRET = Secret.of("s3cret");
    private static final long SEED = 2661;
    /** Tables of fixed size, the fault's text, a digest. */
    private static final int FIXED_BYTES = 2_048;
    private static final int BYTES_PER_OCTET = 16;
    /** Each peek looks for MD5 anew. */
    private static final int DIGEST_BYTES = 2_048;

    @Test
    void anyMutationIsAMessageOrAFault() {
        MessageDecoder decoder = new MessageDecoder(new AvpHiding(SECRET), true);
        Mutations.run("L2TP messages", bodies(), FIXED_BYTES, BYTES_PER_OCTET,
                input -> !(decoder.decode(Unpooled.wrappedBuffer(input), 0, input.length) instanceof Decoded.Message));
    }

    @Test
    void anyMutationIsPeekedInto() {
        Optional<Secret> secret = Optional.of(SECRET);
        Mutations.run("L2TP peek", datagrams(), FIXED_BYTES + DIGEST_BYTES, BYTES_PER_OCTET,
                input -> SccrqPeek.of(Unpooled.wrappedBuffer(input), secret) instanceof SccrqPeek.Unusable);
    }

    private static List<byte[]> datagrams() {
        RandomMessages messages = new RandomMessages(SEED);
        MessageEncoder plain = MessageEncoder.plain();
        MessageEncoder hiding = new MessageEncoder(new AvpHiding(SECRET), new SplittableRandom(SEED));
        List<byte[]> corpus = new ArrayList<>();
        for (MessageType type : MessageType.values()) {
            for (int index = 0; index < 8; index++) {
                corpus.add(plain.encode(messages.of(type), 0, 0));
                corpus.add(hiding.encode(messages.of(type), 0, 0));
            }
        }
        return corpus;
    }

    private static List<byte[]> bodies() {
        return datagrams().stream()
                .map(datagram -> Arrays.copyOfRange(datagram, ControlHeader.LENGTH_BYTES, datagram.length)).toList();
    }
}

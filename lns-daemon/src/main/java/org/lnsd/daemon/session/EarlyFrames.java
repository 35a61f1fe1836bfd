package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The first frames of a subscriber where they overtake the ICCN: a few small ones, kept until the link starts. */
final class EarlyFrames {

    private static final int MAXIMUM_FRAMES = 4;
    private static final int MAXIMUM_BYTES = 512;

    private List<ByteBuf> frames = new ArrayList<>(1);

    /** Copies a frame; false: there is no room for it. */
    boolean keep(ByteBuf frame) {
        boolean kept = frames.size() < MAXIMUM_FRAMES && frame.readableBytes() <= MAXIMUM_BYTES;
        if (kept) {
            frames.add(Unpooled.copiedBuffer(frame));
        }
        return kept;
    }

    /** Lends each frame to {@code link}, then gives all back. */
    void replay(Consumer<ByteBuf> link) {
        List<ByteBuf> lent = frames;
        frames = List.of();
        try {
            lent.forEach(link);
        } finally {
            lent.forEach(ByteBuf::release);
        }
    }

    void release() {
        frames.forEach(ByteBuf::release);
        frames = List.of();
    }
}

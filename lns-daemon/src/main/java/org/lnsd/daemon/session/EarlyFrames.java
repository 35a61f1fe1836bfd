package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The first frames of a subscriber where they overtake the ICCN: a few small ones, kept until the link starts.
 *
 * @param frames copies, owned
 */
record EarlyFrames(List<ByteBuf> frames) {

    /** The usual case. */
    static final EarlyFrames NONE = new EarlyFrames(List.of());

    private static final int MAXIMUM_FRAMES = 4;
    private static final int MAXIMUM_BYTES = 512;

    /** Returns these with a copy of one more, or these where there is no room for it. */
    EarlyFrames with(ByteBuf frame, SessionCounts counts) {
        if (frames.size() >= MAXIMUM_FRAMES || frame.readableBytes() > MAXIMUM_BYTES) {
            counts.count("early-frame-dropped");
            return this;
        }
        return new EarlyFrames(Stream.concat(frames.stream(), Stream.of(Unpooled.copiedBuffer(frame))).toList());
    }

    /** Lends each frame to {@code link}, then gives all back. */
    void replay(Consumer<ByteBuf> link) {
        try {
            frames.forEach(link);
        } finally {
            release();
        }
    }

    /** Gives all back. */
    void release() { frames.forEach(ByteBuf::release); }
}

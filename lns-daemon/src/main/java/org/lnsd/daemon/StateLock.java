package org.lnsd.daemon;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps two daemons from writing the same state directory. The kernel lets go of it when the process ends, however that comes. */
final class StateLock implements AutoCloseable {

    private final @Nullable FileChannel channel;
    private final boolean isTaken;

    private StateLock(@Nullable FileChannel channel, boolean isTaken) {
        this.channel = channel;
        this.isTaken = isTaken;
    }

    /** Takes the directory, unless another process has it. One that cannot be written is nobody's; who writes there says so. */
    static StateLock of(Path stateDirectory) {
        try {
            Files.createDirectories(stateDirectory);
            FileChannel opened = FileChannel.open(stateDirectory.resolve("lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock lock = opened.tryLock();
            return new StateLock(opened, lock == null);
        } catch (IOException notWritable) {
            return new StateLock(null, false);
        }
    }

    boolean isTakenByAnother() { return isTaken; }

    @Override
    public void close() throws IOException {
        FileChannel opened = channel;
        if (opened != null) {
            opened.close();
        }
    }
}

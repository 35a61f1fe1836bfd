package org.lnsd.daemon.aaa.radius;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.lnsd.daemon.aaa.radius.JournalEntry.Done;
import org.lnsd.daemon.aaa.radius.JournalEntry.Kept;
import org.lnsd.daemon.table.KeyedTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in one file, written before anything is sent: records, and marks of those that a server has taken. What is in the page cache
 * survives the end of the process at any moment; once a second it is forced to the disk. The newest Start or interim record of each
 * session without a Stop is kept as well, so that the next run can write the Stop that a killed one could not.
 */
final class DiskJournal implements AccountingJournal {
    private static final Logger LOG = LoggerFactory.getLogger(DiskJournal.class);
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int FRESH_RECORDS = 4096;
    private static final long COMPACT_BYTES = 8L << 20;
    private static final Comparator<Place> BY_NUMBER = Comparator.comparingLong(Place::number);

    private record Place(long number, long offset, int lengthBytes, String sessionId) {}

    private final Path file;
    private final long maximumBytes;
    /** Records that no server has taken, in the order of their numbers. */
    private final Map<Long, Place> places = new LinkedHashMap<>();
    private final Map<Long, AccountingRecord> fresh = new LinkedHashMap<>();
    /** The newest record of each session that has no Stop yet, delivered or not. */
    private final KeyedTable<String, Place> openSessions = new KeyedTable<>(Place::sessionId);
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private FileChannel channel;
    private long fileBytes;
    private long liveBytes;
    private long lastNumber;
    private boolean dirty;
    private boolean toldFailure;

    private DiskJournal(Path file, long maximumBytes, FileChannel channel) {
        this.file = file;
        this.maximumBytes = maximumBytes;
        this.channel = channel;
    }

    /** Opens the journal of a state directory and reads what is in it; a torn end is cut off. */
    static DiskJournal open(Path directory, long maximumBytes) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("accounting.journal");
        FileChannel channel = openChannel(file);
        if (channel.tryLock() == null) {
            channel.close();
            throw new IOException(file + " is in use by another process");
        }
        DiskJournal journal = new DiskJournal(file, maximumBytes, channel);
        journal.load();
        return journal;
    }

    private static FileChannel openChannel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private void load() throws IOException {
        long offset = 0;
        long size = channel.size();
        while (offset < size) {
            byte[] entry = JournalEntry.readAt(channel, offset, size);
            if (entry.length == 0) {
                LOG.warn("accounting-journal-torn file={} offset={} cut-bytes={}", file, offset, size - offset);
                channel.truncate(offset);
                break;
            }
            apply(JournalEntry.decode(entry), offset, entry.length);
            offset += JournalEntry.HEADER_BYTES + entry.length;
        }
        fileBytes = Math.min(offset, channel.size());
    }

    private void apply(JournalEntry entry, long offset, int bodyBytes) {
        switch (entry) {
            case Kept(long number, AccountingRecord record) -> {
                lastNumber = Math.max(lastNumber, number);
                keep(record, new Place(number, offset, bodyBytes, record.sessionId()));
            }
            case Done(long number) -> forget(number);
        }
    }

    private void keep(AccountingRecord record, Place place) {
        places.put(place.number, place);
        liveBytes += place.lengthBytes;
        switch (record.status()) {
            case START, INTERIM -> openSessions.put(place);
            case STOP -> openSessions.removeKey(record.sessionId());
            case ON, OFF -> {
                // Not about a session.
            }
        }
    }

    private void forget(long number) {
        Place place = places.remove(number);
        fresh.remove(number);
        if (place != null) {
            liveBytes -= place.lengthBytes;
        }
    }

    @Override
    public long append(AccountingRecord record) {
        long number = lastNumber + 1;
        int bodyBytes = write(new Kept(number, record), maximumBytes - liveBytes);
        if (bodyBytes < 0) {
            return -1;
        }
        lastNumber = number;
        keep(record, new Place(number, fileBytes - JournalEntry.HEADER_BYTES - bodyBytes, bodyBytes,
                record.sessionId()));
        if (fresh.size() < FRESH_RECORDS) {
            fresh.put(number, record);
        }
        return number;
    }

    @Override
    public void done(long number) {
        if (places.containsKey(number)) {
            forget(number);
            write(new Done(number), Long.MAX_VALUE);
        }
    }

    @Override
    public AccountingRecord read(long number) {
        AccountingRecord record = fresh.get(number);
        if (record != null) {
            return record;
        }
        return read(Objects.requireNonNull(places.get(number), "record is not kept"));
    }

    private AccountingRecord read(Place place) {
        flush();
        try {
            byte[] body = JournalEntry.readAt(channel, place.offset, fileBytes);
            if (JournalEntry.decode(body) instanceof Kept kept) {
                return kept.record();
            }
            throw new EOFException("no record at offset " + place.offset);
        } catch (IOException broken) {
            throw new IllegalStateException("accounting journal " + file + " cannot be read", broken);
        }
    }

    /** The numbers of all records that no server has taken, oldest first. */
    List<Long> undelivered() {
        return List.copyOf(places.keySet());
    }

    /** The newest records of sessions that have no Stop. */
    List<AccountingRecord> openSessions() {
        return openSessions.values().stream().sorted(BY_NUMBER).map(this::read).toList();
    }

    /** Writes an entry; returns the octets of its body, or -1 when it has more than {@code limitBytes}, and nothing is written. */
    private int write(JournalEntry entry, long limitBytes) {
        if (buffer.remaining() < JournalEntry.HEADER_BYTES + JournalEntry.MAXIMUM_BYTES) {
            flush();
        }
        int start = buffer.position();
        int bodyBytes = JournalEntry.write(buffer, entry);
        if (bodyBytes > limitBytes) {
            buffer.position(start);
            return -1;
        }
        fileBytes += JournalEntry.HEADER_BYTES + bodyBytes;
        dirty = true;
        return bodyBytes;
    }

    @Override
    public void flush() {
        buffer.flip();
        long at = fileBytes - buffer.limit();
        try {
            while (buffer.hasRemaining()) {
                at += channel.write(buffer, at);
            }
            toldFailure = false;
        } catch (IOException full) {
            tellFailure(full);
        } finally {
            buffer.clear();
        }
    }

    @Override
    public void sync() {
        flush();
        try {
            if (dirty) {
                channel.force(false);
                dirty = false;
            }
            if (fileBytes > COMPACT_BYTES && fileBytes > 4 * liveBytes + 1024L * openSessions.size()) {
                compact();
            }
        } catch (IOException broken) {
            tellFailure(broken);
        }
    }

    private void compact() throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        List<Place> kept = new ArrayList<>(places.values());
        kept.addAll(openSessions.values().stream().filter(place -> !places.containsKey(place.number)).toList());
        kept.sort(BY_NUMBER);
        List<AccountingRecord> records = kept.stream().map(this::read).toList();
        List<Boolean> waiting = kept.stream().map(place -> places.containsKey(place.number)).toList();
        FileChannel old = channel;
        channel = openChannel(next);
        Objects.requireNonNull(channel.tryLock(), "new journal is locked");
        reset();
        for (int i = 0; i < kept.size(); i++) {
            long offset = fileBytes;
            Place former = kept.get(i);
            int bodyBytes = write(new Kept(former.number, records.get(i)), Long.MAX_VALUE);
            keep(records.get(i), new Place(former.number, offset, bodyBytes, former.sessionId));
            if (!waiting.get(i)) {
                done(former.number);
            }
        }
        flush();
        channel.force(true);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        old.close();
    }

    private void reset() {
        places.clear();
        openSessions.clear();
        liveBytes = 0;
        fileBytes = 0;
    }

    private void tellFailure(IOException failure) {
        if (!toldFailure) {
            toldFailure = true;
            LOG.error("accounting-journal-failed class=local file={} cause=\"{}\"", file, failure.toString());
        }
    }

    @Override
    public long liveBytes() { return liveBytes; }

    @Override
    public void close() {
        try {
            sync();
            channel.close();
        } catch (IOException broken) {
            tellFailure(broken);
        }
    }
}

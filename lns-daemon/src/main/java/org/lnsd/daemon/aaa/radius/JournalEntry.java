package org.lnsd.daemon.aaa.radius;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import org.lnsd.radius.AttributeType;
import org.lnsd.radius.RadiusAttribute;

/**
 * An entry of the journal. On disk: length of the body (32 bits), CRC32C of the body (32 bits), body. The body is 1, number, status, time,
 * session, user and attributes for a record; 2 and number for a mark.
 */
sealed interface JournalEntry {
    /** Octets before each body. */
    int HEADER_BYTES = 8;
    /** Longest body: more is a torn or foreign file. */
    int MAXIMUM_BYTES = 16_384;

    /** A record that is to be delivered. */
    record Kept(long number, AccountingRecord record) implements JournalEntry {}

    /** A record that need not be delivered any more. */
    record Done(long number) implements JournalEntry {}

    /**
     * Writes an entry with length and sum; {@code into}, which has an array, must have room for the longest.
     *
     * @return octets of the body
     */
    static int write(ByteBuffer into, JournalEntry entry) {
        int start = into.position();
        into.position(start + HEADER_BYTES);
        ByteBuffer body = into.slice(start + HEADER_BYTES, MAXIMUM_BYTES);
        writeBody(body, entry);
        int lengthBytes = body.position();
        into.putInt(start, lengthBytes).putInt(start + 4,
                sum(into.array(), into.arrayOffset() + start + HEADER_BYTES, lengthBytes));
        into.position(start + HEADER_BYTES + lengthBytes);
        return lengthBytes;
    }

    private static void writeBody(ByteBuffer body, JournalEntry entry) {
        switch (entry) {
            case Kept(long number, AccountingRecord record) -> {
                body.put((byte) 1).putLong(number).put((byte) record.status().code()).putLong(record.eventTimeMs());
                putText(body, record.sessionId());
                putText(body, record.user());
                record.attributes().forEach(attribute -> putAttribute(body, attribute));
            }
            case Done(long number) -> body.put((byte) 2).putLong(number);
        }
    }

    /** The entry of a body whose sum was right. */
    static JournalEntry decode(byte[] octets) {
        ByteBuffer body = ByteBuffer.wrap(octets);
        int kind = body.get();
        long number = body.getLong();
        if (kind == 2) {
            return new Done(number);
        }
        AccountingStatus status = AccountingStatus.ofCode(body.get());
        long eventTimeMs = body.getLong();
        String sessionId = getText(body);
        String user = getText(body);
        List<RadiusAttribute> attributes = new ArrayList<>();
        while (body.remaining() >= 6) {
            AttributeType type = new AttributeType(body.getInt(), body.get() & 0xFF);
            byte[] value = new byte[body.get() & 0xFF];
            body.get(value);
            attributes.add(RadiusAttribute.of(type, value));
        }
        return new Kept(number, new AccountingRecord(sessionId, status, user, eventTimeMs, attributes));
    }

    /** The body at an offset; empty when it is torn: too short, too long, or of another sum. */
    static byte[] readAt(FileChannel file, long offset, long limit) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        if (limit - offset < HEADER_BYTES || file.read(header, offset) < HEADER_BYTES) {
            return new byte[0];
        }
        int lengthBytes = header.getInt(0);
        if (lengthBytes < 9 || lengthBytes > MAXIMUM_BYTES || offset + HEADER_BYTES + lengthBytes > limit) {
            return new byte[0];
        }
        ByteBuffer body = ByteBuffer.allocate(lengthBytes);
        while (body.hasRemaining()) {
            if (file.read(body, offset + HEADER_BYTES + body.position()) < 0) {
                return new byte[0];
            }
        }
        return sum(body.array(), 0, lengthBytes) == header.getInt(4) ? body.array() : new byte[0];
    }

    private static int sum(byte[] octets, int offset, int lengthBytes) {
        CRC32C crc = new CRC32C();
        crc.update(octets, offset, lengthBytes);
        return (int) crc.getValue();
    }

    private static void putText(ByteBuffer body, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        int lengthBytes = Math.min(octets.length, 255);
        body.put((byte) lengthBytes).put(octets, 0, lengthBytes);
    }

    private static String getText(ByteBuffer body) {
        byte[] octets = new byte[body.get() & 0xFF];
        body.get(octets);
        return new String(octets, StandardCharsets.UTF_8);
    }

    // The journal's own form of an attribute; what a packet could not hold is left out.
    private static void putAttribute(ByteBuffer body, RadiusAttribute attribute) {
        if (body.remaining() >= 6 + attribute.value().length) {
            body.putInt(attribute.type().vendor()).put((byte) attribute.type().number())
                    .put((byte) attribute.value().length).put(attribute.value());
        }
    }
}

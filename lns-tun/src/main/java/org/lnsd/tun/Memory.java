package org.lnsd.tun;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Native memory by address: plain loads and stores without bounds, so callers check lengths before they come here.
 * "Be" is network byte order; without it the machine's own.
 */
public final class Memory {
    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfShort SHORT_BE = SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT_BE = INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG_BE = LONG.withOrder(ByteOrder.BIG_ENDIAN);
    private static final VarHandle ALIGNED_INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle ALIGNED_LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final long CACHE_LINE = 64;
    private static final long LOW = 0xFFFF_FFFFL;
    /** What is not longer is summed as headers are. */
    private static final int HEADERS_BYTES = 128;

    private Memory() {}

    public static int getByte(long address) { return ALL.get(ValueLayout.JAVA_BYTE, address) & 0xFF; }

    public static void putByte(long address, int value) { ALL.set(ValueLayout.JAVA_BYTE, address, (byte) value); }

    public static int getShort(long address) { return ALL.get(SHORT, address) & 0xFFFF; }

    public static void putShort(long address, int value) { ALL.set(SHORT, address, (short) value); }

    public static int getShortBe(long address) { return ALL.get(SHORT_BE, address) & 0xFFFF; }

    public static void putShortBe(long address, int value) { ALL.set(SHORT_BE, address, (short) value); }

    public static int getInt(long address) { return ALL.get(INT, address); }

    public static void putInt(long address, int value) { ALL.set(INT, address, value); }

    public static int getIntBe(long address) { return ALL.get(INT_BE, address); }

    public static void putIntBe(long address, int value) { ALL.set(INT_BE, address, value); }

    public static long getLong(long address) { return ALL.get(LONG, address); }

    public static void putLong(long address, long value) { ALL.set(LONG, address, value); }

    public static long getLongBe(long address) { return ALL.get(LONG_BE, address); }

    public static void putLongBe(long address, long value) { ALL.set(LONG_BE, address, value); }

    /** Adds atomically and returns what was there before; the address is aligned. */
    public static int getAndAddInt(long address, int amount) {
        return (int) ALIGNED_INT.getAndAdd(ALL, address, amount);
    }

    /** Reads what another thread wrote with {@link #putLongRelease}, and everything before it; the address is aligned. */
    public static long getLongAcquire(long address) {
        return (long) ALIGNED_LONG.getAcquire(ALL, address);
    }

    /** Writes for {@link #getLongAcquire}; the address is aligned. */
    public static void putLongRelease(long address, long value) {
        ALIGNED_LONG.setRelease(ALL, address, value);
    }

    /** Copies; the ranges may overlap. */
    public static void copy(long from, long to, long lengthBytes) {
        MemorySegment.copy(ALL, from, ALL, to, lengthBytes);
    }

    public static void fill(long address, long lengthBytes, int value) {
        ALL.asSlice(address, lengthBytes).fill((byte) value);
    }

    /** Copies out of native memory. */
    public static byte[] toArray(long address, int lengthBytes) {
        byte[] octets = new byte[lengthBytes];
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address, octets, 0, lengthBytes);
        return octets;
    }

    /** Copies into native memory. */
    public static void fromArray(byte[] octets, int offset, long address, int lengthBytes) {
        MemorySegment.copy(octets, offset, ALL, ValueLayout.JAVA_BYTE, address, lengthBytes);
    }

    /** A byte buffer over native memory; valid as long as the memory is mapped. */
    public static ByteBuffer asByteBuffer(long address, int lengthBytes) {
        return ALL.asSlice(address, lengthBytes).asByteBuffer();
    }

    /** Whether {@code lengthBytes} octets are equal. */
    public static boolean equal(long one, long other, int lengthBytes) {
        int done = 0;
        for (; done + 4 <= lengthBytes; done += 4) {
            if (getInt(one + done) != getInt(other + done)) {
                return false;
            }
        }
        for (; done < lengthBytes; done++) {
            if (getByte(one + done) != getByte(other + done)) {
                return false;
            }
        }
        return true;
    }

    /** Sums 32-bit words in the machine's order. */
    static long sumInts(long address, int lengthBytes) {
        int whole = lengthBytes & -8;
        long sum = lengthBytes > HEADERS_BYTES ? sumMany(address, whole) : sumFew(address, whole);
        return (lengthBytes & 4) == 0 ? sum : sum + (ALL.get(INT, address + whole) & LOW);
    }

    /** Headers: a loop of their own, so that the other one is always long when the compiler looks at how often it turns. */
    private static long sumFew(long address, int lengthBytes) {
        long sum = 0;
        for (int i = 0; i < lengthBytes; i += 8) {
            long word = ALL.get(LONG, address + i);
            sum += (word & LOW) + (word >>> 32);
        }
        return sum;
    }

    /** Payload. This very shape (64 bits at a time by address, two sums) is what the compiler vectorises; others take two to eight times as long. */
    private static long sumMany(long address, int lengthBytes) {
        long low = 0;
        long high = 0;
        long end = address + lengthBytes;
        for (long at = address; at < end; at += 8) {
            long word = ALL.get(LONG, at);
            low += word & LOW;
            high += word >>> 32;
        }
        return low + high;
    }

    /**
     * Zeroed memory that begins on a cache line. Of a large piece a page costs nothing before it is touched. Never freed
     * unless {@link #unmap} is called.
     */
    public static long map(long lengthBytes) {
        long allocated = Linux.LIBC.calloc(1, lengthBytes + 2 * CACHE_LINE);
        if (allocated == 0) {
            throw new LinuxException("allocation of " + lengthBytes + " bytes", Linux.errno(),
                    "free memory or raise the limit of virtual memory");
        }
        long aligned = (allocated + 2 * CACHE_LINE - 1) & -CACHE_LINE;
        putLong(aligned - 8, allocated);
        return aligned;
    }

    /** Gives back what {@link #map} gave. */
    public static void unmap(long address) {
        Linux.LIBC.free(getLong(address - 8));
    }
}

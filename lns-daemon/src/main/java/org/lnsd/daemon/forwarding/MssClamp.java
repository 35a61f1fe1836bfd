package org.lnsd.daemon.forwarding;

import org.lnsd.tun.Checksum;
import org.lnsd.tun.Memory;

/** Lowers the MSS option of TCP SYN segments to what a link's MTU allows (RFC 6691). The checksum is adjusted, never remade. */
final class MssClamp {
    private static final int TCP = 6;
    private static final int SYN = 0x02;
    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_MSS = 2;

    private MssClamp() {}

    static void ipv4(long packet, int headerBytes, int lengthBytes, int mtuBytes) {
        if (Memory.getByte(packet + 9) == TCP && (Memory.getShortBe(packet + 6) & 0x1FFF) == 0) {
            segment(packet + headerBytes, lengthBytes - headerBytes, mtuBytes - 40);
        }
    }

    static void ipv6(long packet, int lengthBytes, int mtuBytes) {
        if (Memory.getByte(packet + 6) == TCP) {
            segment(packet + 40, lengthBytes - 40, mtuBytes - 60);
        }
    }

    private static void segment(long segment, int lengthBytes, int mostBytes) {
        if (lengthBytes < 24 || (Memory.getByte(segment + 13) & SYN) == 0) {
            return;
        }
        long end = segment + Math.min(lengthBytes, (Memory.getByte(segment + 12) >>> 4) * 4);
        for (long at = segment + 20; at + 4 <= end;) {
            int kind = Memory.getByte(at);
            if (kind == OPTION_END) {
                return;
            }
            int optionBytes = kind == OPTION_NOP ? 1 : Memory.getByte(at + 1);
            if (kind == OPTION_MSS && optionBytes == 4) {
                lower(segment + 16, at + 2, ((at - segment) & 1) != 0, mostBytes);
                return;
            }
            if (optionBytes < 1 || (kind != OPTION_NOP && optionBytes < 2)) {
                return;
            }
            at += optionBytes;
        }
    }

    private static void lower(long checksumField, long mssField, boolean odd, int mostBytes) {
        int mss = Memory.getShortBe(mssField);
        if (mss <= mostBytes) {
            return;
        }
        int before = Memory.getShort(mssField);
        Memory.putShortBe(mssField, mostBytes);
        int after = Memory.getShort(mssField);
        Checksum.replaceShort(checksumField, odd ? Short.reverseBytes((short) before) & 0xFFFF : before,
                odd ? Short.reverseBytes((short) after) & 0xFFFF : after);
    }
}

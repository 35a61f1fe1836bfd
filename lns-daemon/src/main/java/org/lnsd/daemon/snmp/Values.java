package org.lnsd.daemon.snmp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.UnsignedInteger32;
import org.snmp4j.smi.Variable;

/** Numbers and texts as SMIv2 has them (RFC 2578 section 7.1). */
final class Values {

    private static final long MAXIMUM_32 = 0xFFFF_FFFFL;
    private static final int MAXIMUM_TEXT = 255;
    private static final int TRUTH_TRUE = 1;
    private static final int TRUTH_FALSE = 2;

    private Values() {}

    static Variable integer(long value) { return new Integer32((int) Math.min(Integer.MAX_VALUE, value)); }

    /** TruthValue (RFC 2579). */
    static Variable truth(boolean value) {
        return new Integer32(value ? TRUTH_TRUE : TRUTH_FALSE);
    }

    /** Counts on from zero after 2^32 - 1. */
    static Variable counter32(long value) {
        return new Counter32(value & MAXIMUM_32);
    }

    static Variable counter64(long value) { return new Counter64(value); }

    /** Stays at 2^32 - 1. */
    static Variable gauge(long value) { return new Gauge32(Math.clamp(value, 0, MAXIMUM_32)); }

    static Variable unsigned(long value) { return new UnsignedInteger32(Math.clamp(value, 0, MAXIMUM_32)); }

    static Variable ticks(long hundredths) { return new TimeTicks(hundredths & MAXIMUM_32); }

    /** SnmpAdminString: UTF-8, at most 255 octets. */
    static Variable text(String text) {
        byte[] octets = text.getBytes(UTF_8);
        return new OctetString(octets.length <= MAXIMUM_TEXT ? octets : Arrays.copyOf(octets, MAXIMUM_TEXT));
    }

    static OctetString octets(byte... octets) { return new OctetString(octets); }

    /** Object identifiers, for tables and indices. */
    static OID oid(int... parts) { return new OID(parts); }

    /** A text as index: its length, then its octets. */
    static OID textIndex(String text) {
        byte[] octets = text.getBytes(UTF_8);
        int length = Math.min(octets.length, 100);
        int[] parts = new int[length + 1];
        parts[0] = length;
        for (int i = 0; i < length; i++) {
            parts[i + 1] = octets[i] & 0xFF;
        }
        return new OID(parts);
    }
}

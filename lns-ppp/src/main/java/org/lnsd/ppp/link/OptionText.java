package org.lnsd.ppp.link;

import java.util.Arrays;
import java.util.HexFormat;
import org.lnsd.ppp.frame.PppProtocol;
import org.lnsd.ppp.option.Option;

/** A Configuration Option in words: RFC 1661 section 6, RFC 1332 section 3, RFC 1877, RFC 5072 section 4. */
final class OptionText {

    private static final int IPV4_BYTES = 4;
    private static final int CHAP_MD5 = 5;
    private static final int CHAP_MSCHAP = 0x80;
    private static final int CHAP_MSCHAPV2 = 0x81;

    private OptionText() {}

    static String of(int protocol, Option option) {
        return switch (protocol) {
            case PppProtocol.LCP -> lcp(option);
            case PppProtocol.IPCP -> ipcp(option);
            case PppProtocol.IPV6CP -> option.type() == 1 ? "interface-id " + hex(option) : option.toString();
            default -> option.toString();
        };
    }

    private static String lcp(Option option) {
        return switch (option.type()) {
            case 1 -> number("MRU", option, 2);
            case 2 -> "ACCM " + hex(option);
            case 3 -> authentication(option);
            case 4 -> "Quality-Protocol " + hex(option);
            case 5 -> "Magic " + hex(option);
            case 7 -> "PFC";
            case 8 -> "ACFC";
            case 13 -> "Callback";
            case 17 -> number("MRRU", option, 2);
            case 18 -> "Short-Sequence";
            case 19 -> "Endpoint " + hex(option);
            default -> option.toString();
        };
    }

    private static String authentication(Option option) {
        if (option.dataBytes() < 2) {
            return "Authentication " + hex(option);
        }
        int protocol = (int) option.number(2);
        if (protocol == PppProtocol.PAP) {
            return "Authentication PAP";
        }
        if (protocol != PppProtocol.CHAP || option.dataBytes() < 3) {
            return "Authentication " + PppProtocol.name(protocol);
        }
        return "Authentication " + switch (option.octet(2)) {
            case CHAP_MD5 -> "CHAP-MD5";
            case CHAP_MSCHAP -> "MS-CHAP";
            case CHAP_MSCHAPV2 -> "MS-CHAPv2";
            default -> "CHAP algorithm " + option.octet(2);
        };
    }

    private static String ipcp(Option option) {
        return switch (option.type()) {
            case 1 -> "IP-Addresses " + hex(option);
            case 2 -> "IP-Compression " + hex(option);
            case 3 -> address("IP-Address", option);
            case 129 -> address("DNS", option);
            case 130 -> address("WINS", option);
            case 131 -> address("secondary-DNS", option);
            case 132 -> address("secondary-WINS", option);
            default -> option.toString();
        };
    }

    private static String address(String name, Option option) {
        if (option.dataBytes() != IPV4_BYTES) {
            return name + " " + hex(option);
        }
        int[] octets = new int[IPV4_BYTES];
        Arrays.setAll(octets, option::octet);
        return name + " " + octets[0] + "." + octets[1] + "." + octets[2] + "." + octets[3];
    }

    private static String number(String name, Option option, int bytes) {
        return name + " " + (option.dataBytes() == bytes ? Long.toString(option.number(bytes)) : hex(option));
    }

    private static String hex(Option option) { return HexFormat.of().formatHex(option.data()); }
}

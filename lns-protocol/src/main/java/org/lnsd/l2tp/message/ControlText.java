package org.lnsd.l2tp.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.avp.AvpType;

/** A control message in words, for traces. Reads whatever comes; nothing secret is shown, and hidden values stay hidden. */
public final class ControlText {

    private static final int HEADER_BYTES = 12;
    private static final int AVP_HEADER_BYTES = 6;
    private static final int LENGTH_MASK = 0x3FF;
    private static final int HIDDEN = 0x4000;
    private static final int LONGEST_VALUE_BYTES = 64;

    private ControlText() {}

    /** Whether a message is about the tunnel itself and not a keep-alive, an acknowledgement or about a call; borrows it. */
    public static boolean isAboutTunnel(ByteBuf message) {
        int start = message.readerIndex();
        return message.readableBytes() >= HEADER_BYTES + AVP_HEADER_BYTES + 2
                && message.getUnsignedShort(start + HEADER_BYTES + 4) == AvpType.MESSAGE_TYPE.number()
                && message.getUnsignedShort(start + HEADER_BYTES + AVP_HEADER_BYTES) <= MessageType.STOPCCN.number();
    }

    /** Borrows a whole control message, from its L2TP header. */
    public static String of(ByteBuf message) {
        int start = message.readerIndex();
        int lengthBytes = message.readableBytes();
        if (lengthBytes < HEADER_BYTES) {
            return "malformed, " + lengthBytes + " octets";
        }
        StringBuilder text = new StringBuilder(160);
        String ids = " tunnel " + message.getUnsignedShort(start + 4) + " session "
                + message.getUnsignedShort(start + 6) + " Ns " + message.getUnsignedShort(start + 8) + " Nr "
                + message.getUnsignedShort(start + 10);
        int end = start + Math.min(lengthBytes, Math.max(HEADER_BYTES, message.getUnsignedShort(start + 2)));
        if (end == start + HEADER_BYTES) {
            return "ZLB" + ids;
        }
        int index = start + HEADER_BYTES;
        while (end - index >= AVP_HEADER_BYTES) {
            int avpBytes = message.getUnsignedShort(index) & LENGTH_MASK;
            if (avpBytes < AVP_HEADER_BYTES || avpBytes > end - index) {
                return text.append(" malformed AVP at offset ").append(index - start).toString();
            }
            if (index == start + HEADER_BYTES) {
                text.append(messageName(message, index, avpBytes)).append(ids);
            } else {
                append(text, message, index, avpBytes);
            }
            index += avpBytes;
        }
        return text.toString();
    }

    private static String messageName(ByteBuf message, int index, int avpBytes) {
        boolean plain = avpBytes == AVP_HEADER_BYTES + 2 && message.getUnsignedShort(index + 4) == 0
                && (message.getUnsignedShort(index) & HIDDEN) == 0;
        int number = plain ? message.getUnsignedShort(index + AVP_HEADER_BYTES) : 0;
        MessageType type = MessageType.of(number);
        return type == null ? "message " + number : type.name();
    }

    private static void append(StringBuilder text, ByteBuf message, int index, int avpBytes) {
        int vendor = message.getUnsignedShort(index + 2);
        int number = message.getUnsignedShort(index + 4);
        AvpType type = vendor == 0 ? AvpType.of(number) : null;
        text.append(", ");
        if (type != null) {
            text.append(type.rfcName());
        } else {
            text.append("AVP ").append(vendor == 0 ? "" : vendor + "/").append(number);
        }
        int valueBytes = avpBytes - AVP_HEADER_BYTES;
        if (valueBytes > 0) {
            boolean hidden = (message.getUnsignedShort(index) & HIDDEN) != 0;
            text.append(' ').append(hidden ? "(hidden)" : value(type, message, index + AVP_HEADER_BYTES, valueBytes));
        }
    }

    private static String value(@Nullable AvpType type, ByteBuf message, int index, int valueBytes) {
        if (type == null) {
            return hex(message, index, valueBytes);
        }
        return switch (type) {
            case CHALLENGE, CHALLENGE_RESPONSE, RANDOM_VECTOR, PROXY_AUTHEN_CHALLENGE, PROXY_AUTHEN_RESPONSE ->
                "(kept)";
            case HOST_NAME, VENDOR_NAME, CALLED_NUMBER, CALLING_NUMBER, SUB_ADDRESS, PROXY_AUTHEN_NAME,
                    PRIVATE_GROUP_ID ->
                quoted(message, index, valueBytes);
            case RESULT_CODE -> result(message, index, valueBytes);
            default -> switch (valueBytes) {
                case 2 -> Integer.toString(message.getUnsignedShort(index));
                case 4 -> Long.toString(message.getUnsignedInt(index));
                default -> hex(message, index, valueBytes);
            };
        };
    }

    private static String result(ByteBuf message, int index, int valueBytes) {
        if (valueBytes < 2) {
            return hex(message, index, valueBytes);
        }
        String text = Integer.toString(message.getUnsignedShort(index));
        if (valueBytes >= 4) {
            text += " error " + message.getUnsignedShort(index + 2);
        }
        return valueBytes > 4 ? text + " " + quoted(message, index + 4, valueBytes - 4) : text;
    }

    /** Without characters that an operator's terminal would obey. */
    private static String quoted(ByteBuf message, int index, int valueBytes) {
        String told = message.toString(index, Math.min(valueBytes, LONGEST_VALUE_BYTES), StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder(told.length() + 2).append('"');
        told.chars().forEach(c -> text.append(Character.isISOControl(c) || c == '"' ? '?' : (char) c));
        return text.append('"').toString();
    }

    private static String hex(ByteBuf message, int index, int valueBytes) {
        byte[] octets = new byte[Math.min(valueBytes, LONGEST_VALUE_BYTES)];
        message.getBytes(index, octets);
        return HexFormat.of().formatHex(octets);
    }
}

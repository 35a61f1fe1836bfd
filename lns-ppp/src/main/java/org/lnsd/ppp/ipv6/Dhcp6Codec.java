package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.ipv6.Dhcp6Option.Association;
import org.lnsd.ppp.ipv6.Dhcp6Option.ClientId;
import org.lnsd.ppp.ipv6.Dhcp6Option.DnsServers;
import org.lnsd.ppp.ipv6.Dhcp6Option.DomainList;
import org.lnsd.ppp.ipv6.Dhcp6Option.Duid;
import org.lnsd.ppp.ipv6.Dhcp6Option.InformationRefreshTime;
import org.lnsd.ppp.ipv6.Dhcp6Option.Lease;
import org.lnsd.ppp.ipv6.Dhcp6Option.OptionRequest;
import org.lnsd.ppp.ipv6.Dhcp6Option.Other;
import org.lnsd.ppp.ipv6.Dhcp6Option.Preference;
import org.lnsd.ppp.ipv6.Dhcp6Option.RapidCommit;
import org.lnsd.ppp.ipv6.Dhcp6Option.ServerId;
import org.lnsd.ppp.ipv6.Dhcp6Option.Status;
import org.lnsd.ppp.ipv6.Dhcp6Option.TemporaryAssociation;

/** Reads and writes DHCPv6 messages (RFC 8415 sections 8 and 21). Decoding is total: a message is whole and within its bounds, or {@code null}. */
final class Dhcp6Codec {
    static final int HEADER_BYTES = 4;
    private static final int OPTION_HEADER_BYTES = 4;
    private static final int MAXIMUM_OPTIONS = 64;
    private static final int MAXIMUM_LEASES = 16;
    private static final int ASSOCIATION_BYTES = 12;

    private Dhcp6Codec() {}

    /** Decodes a message; {@code null} when any length in it lies or a bound is exceeded. Borrows. */
    static @Nullable Dhcp6Message decode(ByteBuf message) {
        if (message.readableBytes() < HEADER_BYTES) {
            return null;
        }
        ByteBuf in = message.slice();
        int first = in.readInt();
        List<Dhcp6Option> options = new ArrayList<>();
        while (in.isReadable()) {
            ByteBuf body = optionBody(in);
            if (body == null || options.size() == MAXIMUM_OPTIONS) {
                return null;
            }
            Dhcp6Option option = decodeOption(code(in, body), body);
            if (option == null) {
                return null;
            }
            options.add(option);
        }
        return new Dhcp6Message(first >>> 24, first & 0xff_ffff, options);
    }

    /** The next option's body; its code stands four octets before it. */
    private static @Nullable ByteBuf optionBody(ByteBuf in) {
        if (in.readableBytes() < OPTION_HEADER_BYTES) {
            return null;
        }
        in.skipBytes(2);
        int length = in.readUnsignedShort();
        return length > in.readableBytes() ? null : in.readSlice(length);
    }

    private static int code(ByteBuf in, ByteBuf body) {
        return in.getUnsignedShort(in.readerIndex() - body.readableBytes() - OPTION_HEADER_BYTES);
    }

    private static @Nullable Dhcp6Option decodeOption(int code, ByteBuf body) {
        int length = body.readableBytes();
        return switch (code) {
            case Dhcp6Option.CLIENT_ID -> isDuid(length) ? new ClientId(duid(body)) : null;
            case Dhcp6Option.SERVER_ID -> isDuid(length) ? new ServerId(duid(body)) : null;
            case Dhcp6Option.IA_NA -> decodeAssociation(false, body);
            case Dhcp6Option.IA_PD -> decodeAssociation(true, body);
            case Dhcp6Option.IA_TA -> length >= 4 ? new TemporaryAssociation(body.readInt(), Optional.empty()) : null;
            case Dhcp6Option.OPTION_REQUEST -> decodeOptionRequest(body);
            case Dhcp6Option.PREFERENCE -> length == 1 ? new Preference(body.readUnsignedByte()) : null;
            case Dhcp6Option.STATUS_CODE -> decodeStatus(body);
            case Dhcp6Option.RAPID_COMMIT -> length == 0 ? new RapidCommit() : null;
            case Dhcp6Option.DNS_SERVERS -> decodeDnsServers(body);
            case Dhcp6Option.DOMAIN_LIST -> decodeDomainList(body);
            case Dhcp6Option.INFORMATION_REFRESH_TIME ->
                length == 4 ? new InformationRefreshTime(body.readUnsignedInt()) : null;
            default -> new Other(code);
        };
    }

    private static boolean isDuid(int length) { return length >= Duid.MINIMUM_BYTES && length <= Duid.MAXIMUM_BYTES; }

    private static Duid duid(ByteBuf body) {
        byte[] octets = new byte[body.readableBytes()];
        body.readBytes(octets);
        return new Duid(octets);
    }

    private static @Nullable Association decodeAssociation(boolean delegation, ByteBuf body) {
        if (body.readableBytes() < ASSOCIATION_BYTES) {
            return null;
        }
        int iaid = body.readInt();
        long t1 = body.readUnsignedInt();
        long t2 = body.readUnsignedInt();
        List<Lease> leases = new ArrayList<>(1);
        Optional<Status> status = Optional.empty();
        while (body.isReadable()) {
            ByteBuf inner = optionBody(body);
            if (inner == null) {
                return null;
            }
            int code = code(body, inner);
            if (code == Dhcp6Option.STATUS_CODE) {
                Status found = decodeStatus(inner);
                if (found == null) {
                    return null;
                }
                status = Optional.of(found);
            } else if (code == (delegation ? Dhcp6Option.IA_PREFIX : Dhcp6Option.IA_ADDRESS)) {
                Lease lease = delegation ? decodePrefix(inner) : decodeAddress(inner);
                if (lease == null || leases.size() == MAXIMUM_LEASES) {
                    return null;
                }
                leases.add(lease);
            }
        }
        return new Association(delegation, iaid, t1, t2, leases, status);
    }

    private static @Nullable Lease decodeAddress(ByteBuf body) {
        if (body.readableBytes() < 24) {
            return null;
        }
        Ipv6Address address = Ipv6Address.get(body, body.readerIndex());
        body.skipBytes(Ipv6Address.LENGTH_BYTES);
        return new Lease(new Ipv6Prefix(address, 128), body.readUnsignedInt(), body.readUnsignedInt());
    }

    private static @Nullable Lease decodePrefix(ByteBuf body) {
        if (body.readableBytes() < 25) {
            return null;
        }
        long preferred = body.readUnsignedInt();
        long valid = body.readUnsignedInt();
        int length = body.readUnsignedByte();
        return length > 128
                ? null
                : new Lease(new Ipv6Prefix(Ipv6Address.get(body, body.readerIndex()), length), preferred, valid);
    }

    private static @Nullable OptionRequest decodeOptionRequest(ByteBuf body) {
        if ((body.readableBytes() & 1) != 0 || body.readableBytes() > 2 * MAXIMUM_OPTIONS) {
            return null;
        }
        List<Integer> codes = new ArrayList<>(body.readableBytes() / 2);
        while (body.isReadable()) {
            codes.add(body.readUnsignedShort());
        }
        return new OptionRequest(codes);
    }

    private static @Nullable Status decodeStatus(ByteBuf body) {
        if (body.readableBytes() < 2) {
            return null;
        }
        int code = body.readUnsignedShort();
        return new Status(code,
                body.readCharSequence(Math.min(body.readableBytes(), 128), StandardCharsets.UTF_8).toString());
    }

    private static @Nullable DnsServers decodeDnsServers(ByteBuf body) {
        int length = body.readableBytes();
        if (length % Ipv6Address.LENGTH_BYTES != 0 || length > MAXIMUM_LEASES * Ipv6Address.LENGTH_BYTES) {
            return null;
        }
        List<Ipv6Address> servers = new ArrayList<>(length / Ipv6Address.LENGTH_BYTES);
        for (int at = 0; at < length; at += Ipv6Address.LENGTH_BYTES) {
            servers.add(Ipv6Address.get(body, body.readerIndex() + at));
        }
        return new DnsServers(servers);
    }

    private static @Nullable DomainList decodeDomainList(ByteBuf body) {
        List<String> domains = new ArrayList<>(1);
        while (body.isReadable()) {
            String domain = DomainName.read(body);
            if (domain == null || domains.size() == MAXIMUM_LEASES) {
                return null;
            }
            domains.add(domain);
        }
        return new DomainList(domains);
    }

    /** Appends the message. Borrows. */
    static void encode(Dhcp6Message message, ByteBuf out) {
        out.writeInt(message.type() << 24 | message.transactionId());
        for (Dhcp6Option option : message.options()) {
            encodeOption(option, out);
        }
    }

    private static void encodeOption(Dhcp6Option option, ByteBuf out) {
        int start = out.writerIndex();
        out.writeInt(codeOf(option) << 16);
        switch (option) {
            case ClientId id -> out.writeBytes(id.duid().octets());
            case ServerId id -> out.writeBytes(id.duid().octets());
            case Association association -> encodeAssociation(association, out);
            case TemporaryAssociation association -> {
                out.writeInt(association.iaid());
                association.status().ifPresent(status -> encodeOption(status, out));
            }
            case OptionRequest request -> request.codes().forEach(out::writeShort);
            case Preference preference -> out.writeByte(preference.value());
            case Status status ->
                out.writeShort(status.code()).writeCharSequence(status.message(), StandardCharsets.UTF_8);
            case RapidCommit _,Other _ -> {
                // no body
            }
            case DnsServers dns -> dns.servers().forEach(server -> server.write(out));
            case DomainList list -> list.domains().forEach(domain -> DomainName.write(out, domain));
            case InformationRefreshTime time -> out.writeInt((int) time.seconds());
        }
        out.setShort(start + 2, out.writerIndex() - start - OPTION_HEADER_BYTES);
    }

    private static int codeOf(Dhcp6Option option) {
        return switch (option) {
            case ClientId _ -> Dhcp6Option.CLIENT_ID;
            case ServerId _ -> Dhcp6Option.SERVER_ID;
            case Association association -> association.delegation() ? Dhcp6Option.IA_PD : Dhcp6Option.IA_NA;
            case TemporaryAssociation _ -> Dhcp6Option.IA_TA;
            case OptionRequest _ -> Dhcp6Option.OPTION_REQUEST;
            case Preference _ -> Dhcp6Option.PREFERENCE;
            case Status _ -> Dhcp6Option.STATUS_CODE;
            case RapidCommit _ -> Dhcp6Option.RAPID_COMMIT;
            case DnsServers _ -> Dhcp6Option.DNS_SERVERS;
            case DomainList _ -> Dhcp6Option.DOMAIN_LIST;
            case InformationRefreshTime _ -> Dhcp6Option.INFORMATION_REFRESH_TIME;
            case Other other -> other.code();
        };
    }

    private static void encodeAssociation(Association association, ByteBuf out) {
        out.writeInt(association.iaid()).writeInt((int) association.t1Seconds())
                .writeInt((int) association.t2Seconds());
        for (Lease lease : association.leases()) {
            if (association.delegation()) {
                out.writeShort(Dhcp6Option.IA_PREFIX).writeShort(25).writeInt((int) lease.preferredSeconds())
                        .writeInt((int) lease.validSeconds()).writeByte(lease.prefix().length());
                lease.prefix().address().write(out);
            } else {
                out.writeShort(Dhcp6Option.IA_ADDRESS).writeShort(24);
                lease.prefix().address().write(out);
                out.writeInt((int) lease.preferredSeconds()).writeInt((int) lease.validSeconds());
            }
        }
        association.status().ifPresent(status -> encodeOption(status, out));
    }
}

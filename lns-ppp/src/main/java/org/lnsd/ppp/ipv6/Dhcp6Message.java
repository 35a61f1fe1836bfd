package org.lnsd.ppp.ipv6;

import java.util.List;
import java.util.Optional;
import org.lnsd.ppp.ipv6.Dhcp6Option.Duid;

/**
 * A DHCPv6 message between client and server (RFC 8415 section 8).
 *
 * @param type msg-type
 * @param transactionId 24 bits
 * @param options in the order of the message
 */
record Dhcp6Message(int type, int transactionId, List<Dhcp6Option> options) {
    static final int SOLICIT = 1;
    static final int ADVERTISE = 2;
    static final int REQUEST = 3;
    static final int CONFIRM = 4;
    static final int RENEW = 5;
    static final int REBIND = 6;
    static final int REPLY = 7;
    static final int RELEASE = 8;
    static final int DECLINE = 9;
    static final int INFORMATION_REQUEST = 11;

    Dhcp6Message {
        options = List.copyOf(options);
    }

    Optional<Duid> clientId() { return first(Dhcp6Option.ClientId.class).map(Dhcp6Option.ClientId::duid); }

    Optional<Duid> serverId() { return first(Dhcp6Option.ServerId.class).map(Dhcp6Option.ServerId::duid); }

    List<Dhcp6Option.Association> associations() {
        return options.stream().filter(Dhcp6Option.Association.class::isInstance)
                .map(Dhcp6Option.Association.class::cast).toList();
    }

    <O extends Dhcp6Option> Optional<O> first(Class<O> kind) {
        return options.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    boolean has(Class<? extends Dhcp6Option> kind) { return first(kind).isPresent(); }

    /** Whether the client wants this option: what it does not list in an Option Request is not asked for (RFC 8415 section 21.7). */
    boolean requests(int code) {
        return first(Dhcp6Option.OptionRequest.class).map(request -> request.codes().contains(code)).orElse(true);
    }
}

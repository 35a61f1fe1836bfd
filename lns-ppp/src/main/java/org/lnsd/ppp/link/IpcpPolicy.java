package org.lnsd.ppp.link;

import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import org.lnsd.ppp.fsm.OptionPolicy;
import org.lnsd.ppp.fsm.Verdict;
import org.lnsd.ppp.option.Option;
import org.lnsd.ppp.option.Options;

/** IPCP options: the address (RFC 1332 section 3.3), DNS and NBNS servers (RFC 1877). */
final class IpcpPolicy implements OptionPolicy {
    static final int IP_ADDRESS = 3;
    static final int PRIMARY_DNS = 129;
    static final int PRIMARY_NBNS = 130;
    static final int SECONDARY_DNS = 131;
    static final int SECONDARY_NBNS = 132;

    /** Our address is a matter of configuration: after so many Naks it is no longer told. */
    private static final int ADDRESS_NAKS = 3;
    /** A peer that changes its mind more often keeps what it has: each choice takes an address from others. */
    private static final int MAXIMUM_CHOICES = 8;
    private static final int[] NO_SERVERS = {};

    private final boolean client;
    private NetworkSettings.Ipv4 settings;
    private int local;
    private int peer;
    private boolean askAddress;
    private int addressNaks;
    private int choices;
    /** Client: the servers we were given, 0 while asked for, -1 where the peer does not know the option. */
    private int[] servers = NO_SERVERS;

    IpcpPolicy(Role role, NetworkSettings.Ipv4 settings) {
        client = role == Role.CLIENT;
        this.settings = settings;
        begin();
    }

    @Override
    public void begin() {
        local = Ipv4.number(settings.local());
        peer = Ipv4.number(settings.peer());
        askAddress = client || local != 0;
        addressNaks = 0;
        servers = client
                ? new int[]{0, settings.wins().isEmpty() ? -1 : 0, 0, settings.wins().isEmpty() ? -1 : 0}
                : NO_SERVERS;
    }

    @Override
    public List<Option> request() {
        var wishes = new ArrayList<Option>(5);
        if (askAddress) {
            wishes.add(Option.of32(IP_ADDRESS, local));
        }
        for (int index = 0; index < servers.length; index++) {
            if (servers[index] != -1) {
                wishes.add(Option.of32(PRIMARY_DNS + index, servers[index]));
            }
        }
        return wishes;
    }

    @Override
    public Verdict judge(Option option) {
        return switch (option.type()) {
            case IP_ADDRESS -> judgeAddress(option);
            case PRIMARY_DNS -> judgeServer(option, settings.dns(), 0);
            case SECONDARY_DNS -> judgeServer(option, settings.dns(), 1);
            case PRIMARY_NBNS -> judgeServer(option, settings.wins(), 0);
            case SECONDARY_NBNS -> judgeServer(option, settings.wins(), 1);
            default -> Verdict.REJECT;
        };
    }

    private Verdict judgeAddress(Option option) {
        int assigned = Ipv4.number(settings.peer());
        if (assigned == 0) {
            return option.dataBytes() == 4 && option.number(4) != 0 ? Verdict.ACK : Verdict.REJECT;
        }
        return is(option, assigned) || isTaken(option)
                ? Verdict.ACK
                : new Verdict.Nak(Option.of32(IP_ADDRESS, assigned));
    }

    /** RFC 1332 section 3.3: 0 asks for any. */
    private boolean isTaken(Option option) {
        int wished = option.dataBytes() == 4 ? (int) option.number(4) : 0;
        if (client || wished == 0 || choices == MAXIMUM_CHOICES || !settings.choice().take(Ipv4.address(wished))) {
            return false;
        }
        choices++;
        settings = settings.withPeer(Ipv4.address(wished));
        return true;
    }

    /** Returns the settings, with the address that the peer has chosen. */
    NetworkSettings.Ipv4 settings() {
        return settings;
    }

    private Verdict judgeServer(Option option, List<Inet4Address> given, int index) {
        if (client || index >= given.size()) {
            return Verdict.REJECT;
        }
        int server = Ipv4.number(given.get(index));
        return is(option, server) ? Verdict.ACK : new Verdict.Nak(Option.of32(option.type(), server));
    }

    private static boolean is(Option option, int value) {
        return option.dataBytes() == 4 && (int) option.number(4) == value;
    }

    /** A peer that names no address is asked to (RFC 1661 section 5.3), so that both ends know it. */
    @Override
    public List<Option> missing(List<Option> peerOptions) {
        int assigned = Ipv4.number(settings.peer());
        return assigned == 0 || client || Options.find(peerOptions, IP_ADDRESS).isPresent()
                ? List.of()
                : List.of(Option.of32(IP_ADDRESS, assigned));
    }

    @Override
    public void peerAgreed(List<Option> peerOptions) {
        Options.find(peerOptions, IP_ADDRESS).ifPresent(option -> peer = (int) option.number(4));
    }

    @Override
    public boolean onNak(List<Option> suggestions) {
        for (Option suggestion : suggestions) {
            if (suggestion.dataBytes() == 4) {
                onSuggestion(suggestion.type(), (int) suggestion.number(4));
            }
        }
        return true;
    }

    private void onSuggestion(int type, int value) {
        int index = type - PRIMARY_DNS;
        if (type == IP_ADDRESS && settings.local().isAnyLocalAddress()) {
            local = value;
            askAddress = true;
        } else if (type == IP_ADDRESS) {
            askAddress = ++addressNaks < ADDRESS_NAKS; // a peer that insists on another address of ours can do without it
        } else if (index >= 0 && index < servers.length) {
            servers[index] = value;
        }
    }

    @Override
    public boolean onReject(List<Option> rejected) {
        for (Option option : rejected) {
            int index = option.type() - PRIMARY_DNS;
            if (option.type() == IP_ADDRESS) {
                askAddress = false;
            } else if (index >= 0 && index < servers.length) {
                servers[index] = -1;
            }
        }
        return true;
    }

    LinkEvent.Ipv4Up agreed() {
        List<Inet4Address> dns = client ? given(0, 2) : settings.dns();
        List<Inet4Address> wins = client ? given(1, 3) : settings.wins();
        return new LinkEvent.Ipv4Up(Ipv4.address(local), Ipv4.address(peer), dns, wins);
    }

    private List<Inet4Address> given(int first, int second) {
        var given = new ArrayList<Inet4Address>(2);
        for (int index : new int[]{first, second}) {
            if (servers[index] != -1 && servers[index] != 0) {
                given.add(Ipv4.address(servers[index]));
            }
        }
        return given;
    }
}

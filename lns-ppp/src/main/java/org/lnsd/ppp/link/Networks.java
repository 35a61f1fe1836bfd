package org.lnsd.ppp.link;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.frame.PppProtocol;
import org.lnsd.ppp.fsm.ControlProtocol;
import org.lnsd.ppp.fsm.Event;
import org.lnsd.ppp.fsm.OptionPolicy;
import org.lnsd.ppp.fsm.ProtocolHost;
import org.lnsd.ppp.fsm.State;

/**
 * The network layer protocols of a link: IPCP and IPv6CP, each there only if wanted (RFC 1661 section 3.6). Those of a
 * bundle pass from one of its links to another (RFC 1990 section 4).
 */
final class Networks implements ProtocolHost {
    /** What a link must carry to carry IPv6 (RFC 5072 section 2, RFC 8200 section 5). */
    private static final int MINIMUM_IPV6_BYTES = 1280;

    private LinkContext link;
    private ProtocolHost host;
    private @Nullable NetworkSettings wanted;
    private @Nullable NetworkSettings running;
    private @Nullable ControlProtocol ipcp;
    private @Nullable IpcpPolicy ipcpPolicy;
    private @Nullable ControlProtocol ipv6cp;
    private @Nullable Ipv6cpPolicy ipv6cpPolicy;
    private boolean convergenceFailed;
    private boolean closedByPeer;

    Networks(LinkContext link, ProtocolHost host) {
        this.link = link;
        this.host = host;
    }

    /** From now on another link carries them. */
    void moveTo(LinkContext nextLink, ProtocolHost nextHost) {
        link = nextLink;
        host = nextHost;
    }

    void want(NetworkSettings networks) { wanted = networks; }

    /** Returns whether the shell has said what it wants. */
    boolean areKnown() { return wanted != null; }

    /** The link is in its network phase: opens what is wanted, closes or begins anew what changed. */
    void start(long nowNs) {
        if (wanted == null) {
            return;
        }
        closedByPeer = false;
        NetworkSettings now = possible(wanted);
        NetworkSettings before = running;
        if (before == null || !before.ipv4().equals(now.ipv4()) && !isChosen(now)) {
            replaceIpv4(now, nowNs);
        }
        if (before == null || !before.ipv6().equals(now.ipv6())) {
            replaceIpv6(now, nowNs);
        }
        running = now;
        begin(ipcp, now.ipv4().isPresent(), nowNs);
        begin(ipv6cp, now.ipv6().isPresent(), nowNs);
    }

    /** Whether the peer has chosen already what the shell wants now. */
    private boolean isChosen(NetworkSettings now) {
        IpcpPolicy policy = ipcpPolicy;
        return policy != null && now.ipv4().equals(Optional.of(policy.settings()));
    }

    private NetworkSettings possible(NetworkSettings networks) {
        return networks.ipv6().isEmpty() || link.peerPacketBytes() >= MINIMUM_IPV6_BYTES
                ? networks
                : new NetworkSettings(networks.ipv4(), Optional.empty());
    }

    private static void begin(@Nullable ControlProtocol protocol, boolean isWanted, long nowNs) {
        if (protocol != null && isWanted) {
            protocol.open(nowNs);
            protocol.lowerUp(nowNs);
        }
    }

    private void replaceIpv4(NetworkSettings now, long nowNs) {
        ControlProtocol old = ipcp;
        if (old != null) {
            end(old, now.ipv4().isPresent(), nowNs);
        }
        now.ipv4().ifPresent(settingsNow -> {
            IpcpPolicy policy = new IpcpPolicy(link.settings().role(), settingsNow);
            ipcpPolicy = policy;
            ipcp = protocol(PppProtocol.IPCP, policy);
        });
    }

    private void replaceIpv6(NetworkSettings now, long nowNs) {
        ControlProtocol old = ipv6cp;
        if (old != null) {
            end(old, now.ipv6().isPresent(), nowNs);
        }
        now.ipv6().ifPresent(settingsNow -> {
            Ipv6cpPolicy policy = new Ipv6cpPolicy(settingsNow, link.random());
            ipv6cpPolicy = policy;
            ipv6cp = protocol(PppProtocol.IPV6CP, policy);
        });
    }

    /** A successor's Configure-Request tells the peer by itself; without one the peer is told by a Terminate-Request. */
    private static void end(ControlProtocol old, boolean hasSuccessor, long nowNs) {
        if (hasSuccessor) {
            old.lowerDown(nowNs);
        } else {
            old.close("no longer offered", nowNs);
        }
    }

    private ControlProtocol protocol(int number, OptionPolicy policy) {
        return new ControlProtocol(number, policy, link.settings(), link.random().nextInt(), false, this);
    }

    /** Borrows a packet; returns false if there is no such protocol here. */
    boolean onPacket(int protocol, ByteBuf packet, long nowNs) {
        ControlProtocol control = find(protocol);
        if (control == null) {
            return false;
        }
        control.onPacket(packet, nowNs);
        return true;
    }

    /** One that is Initial here was wanted once, and is no longer. */
    private @Nullable ControlProtocol find(int protocol) {
        ControlProtocol control = switch (protocol) {
            case PppProtocol.IPCP -> ipcp;
            case PppProtocol.IPV6CP -> ipv6cp;
            default -> null;
        };
        return control == null || control.state() == State.INITIAL ? null : control;
    }

    /** The peer sent a Protocol-Reject, for the control protocol or for its data. */
    void rejectedByPeer(int protocol, long nowNs) {
        ControlProtocol control = find(protocol | 0x8000);
        if (control != null) {
            control.rejectedByPeer(nowNs);
        }
    }

    void giveUp(ControlProtocol protocol, long nowNs) {
        convergenceFailed = true;
        protocol.close("options do not converge", nowNs);
    }

    void lowerDown(long nowNs) {
        for (ControlProtocol protocol : new ControlProtocol[]{ipcp, ipv6cp}) {
            if (protocol != null) {
                protocol.lowerDown(nowNs);
            }
        }
    }

    void onTimeout(long nowNs) {
        for (ControlProtocol protocol : new ControlProtocol[]{ipcp, ipv6cp}) {
            if (protocol != null) {
                protocol.onTimeout(nowNs);
            }
        }
    }

    long deadlineNs() {
        long first = ipcp == null ? Long.MAX_VALUE : ipcp.deadlineNs();
        long second = ipv6cp == null ? Long.MAX_VALUE : ipv6cp.deadlineNs();
        return Math.min(first, second);
    }

    void onUp(ControlProtocol protocol) {
        closedByPeer = false;
        if (protocol == ipcp && ipcpPolicy != null) {
            link.emit(ipcpPolicy.agreed());
        } else if (protocol == ipv6cp && ipv6cpPolicy != null) {
            link.emit(ipv6cpPolicy.agreed());
        }
    }

    void onDown(ControlProtocol protocol, Event cause) {
        closedByPeer |= cause == Event.RTR;
        link.emit(protocol.protocol() == PppProtocol.IPCP ? new LinkEvent.Ipv4Down() : new LinkEvent.Ipv6Down());
    }

    /** Returns whether the link is to have any; one of a bundle has none of its own. */
    boolean isAnyWanted() {
        return wanted != null && (wanted.ipv4().isPresent() || wanted.ipv6().isPresent());
    }

    boolean isAnyOpen() { return ipcpState() == State.OPENED || ipv6cpState() == State.OPENED; }

    boolean areAllFinished() { return isFinished(ipcpState()) && isFinished(ipv6cpState()); }

    /** Returns whether it was the peer that closed what was open; it may open it again at any time (RFC 1661 section 3.6). */
    boolean mayComeBack() {
        return closedByPeer && !convergenceFailed;
    }

    private static boolean isFinished(State state) {
        return state == State.INITIAL || state == State.CLOSED || state == State.STOPPED;
    }

    DownCause.Reason failure(Event cause) {
        if (convergenceFailed) {
            return DownCause.Reason.NETWORK_FAILED;
        }
        return cause == Event.TO_MINUS ? DownCause.Reason.NETWORK_TIMEOUT : DownCause.Reason.NO_NETWORK;
    }

    State ipcpState() { return ipcp == null ? State.INITIAL : ipcp.state(); }

    State ipv6cpState() { return ipv6cp == null ? State.INITIAL : ipv6cp.state(); }

    // ---- what the protocols call, for the link that carries them now -------------------------------------------------

    @Override
    public ByteBuf newFrame(int protocol, int packetBytes) { return host.newFrame(protocol, packetBytes); }

    @Override
    public void transmit(ByteBuf frame) { host.transmit(frame); }

    @Override
    public int peerMru() { return host.peerMru(); }

    @Override
    public void layerUp(ControlProtocol protocol, long nowNs) { host.layerUp(protocol, nowNs); }

    @Override
    public void layerDown(ControlProtocol protocol, Event cause, long nowNs) { host.layerDown(protocol, cause, nowNs); }

    @Override
    public void layerFinished(ControlProtocol protocol, Event cause, long nowNs) {
        host.layerFinished(protocol, cause, nowNs);
    }

    @Override
    public void negotiationFailed(ControlProtocol protocol, long nowNs) { host.negotiationFailed(protocol, nowNs); }

    @Override
    public boolean onOtherCode(ControlProtocol protocol, int code, int id, ByteBuf packet, long nowNs) {
        return host.onOtherCode(protocol, code, id, packet, nowNs);
    }
}

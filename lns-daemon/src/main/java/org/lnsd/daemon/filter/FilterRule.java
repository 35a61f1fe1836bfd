package org.lnsd.daemon.filter;

/**
 * One rule of a list; the first that matches decides.
 *
 * @param permit what it decides
 * @param told whether the sender is told that it was denied
 * @param family 0: both, 4 or 6
 * @param protocol IANA protocol number; -1: any
 * @param icmpType ICMP or ICMPv6 type; -1: any
 * @param fragments matches only fragments other than the first
 * @param text the rule as it was written
 */
public record FilterRule(boolean permit, boolean told, int family, int protocol, AddressMatch source,
        AddressMatch destination,
        PortMatch sourcePorts,
        PortMatch destinationPorts, TcpFlagMatch tcpFlags, int icmpType, boolean fragments, String text) {

    /** Whether it looks behind the IP header, which fragments other than the first do not show. */
    boolean looksAtTransport() {
        return !sourcePorts.isAny() || !destinationPorts.isAny() || !tcpFlags.isAny() || icmpType >= 0;
    }

    /** The rule by its definition; the compiled list must decide alike. */
    boolean matches(PacketFields packet) {
        if (family != 0 && family != packet.family() || protocol >= 0 && protocol != packet.protocol()
                || fragments && !packet.laterFragment()) {
            return false;
        }
        if (!source.matches(packet.sourceHigh(), packet.sourceLow())
                || !destination.matches(packet.destinationHigh(), packet.destinationLow())) {
            return false;
        }
        if (packet.laterFragment()) {
            // Nothing of the transport header is seen: a permit lets the rest of its packets through, a deny leaves them to the next rule.
            return permit || !looksAtTransport();
        }
        return sourcePorts.matches(packet.sourcePort()) && destinationPorts.matches(packet.destinationPort())
                && matchesRest(packet);
    }

    /** What the compiled list does not decide by look-up. */
    boolean matchesRest(PacketFields packet) {
        return (tcpFlags.isAny() || tcpFlags.matches(packet.tcpFlags()))
                && (icmpType < 0 || icmpType == packet.icmpType());
    }

    @Override
    public String toString() { return text; }
}

package org.lnsd.daemon.forwarding;

/** Why a packet went no further. The label is the name in metrics and in {@code show counters}. */
public enum DropReason {
    /** Shorter than its own L2TP header, or not version 2. */
    BAD_L2TP_HEADER("bad-l2tp-header"),
    /** The L2TP Length field says more than arrived, or less than the header. */
    BAD_L2TP_LENGTH("bad-l2tp-length"),
    /** No session with these local ids. */
    UNKNOWN_SESSION("unknown-session"),
    /** The ids are known but the packet came from another address or port than the tunnel's peer. */
    WRONG_PEER("wrong-peer"),
    /** Data with a sequence number behind what was delivered (RFC 2661 section 5.4). */
    LATE_SEQUENCE("late-sequence"),
    /** Too short to hold a PPP protocol field, or its octets are not a protocol number. */
    BAD_PPP_FRAME("bad-ppp-frame"),
    /** IP before its NCP was opened, or after it was closed. */
    NETWORK_CLOSED("network-closed"),
    /** Version, header length or total length of the inner IP packet contradict what arrived. */
    BAD_IP_PACKET("bad-ip-packet"),
    /** The source address does not belong to the session (BCP 38). */
    SOURCE_CHECK("source-check"),
    /** What routers do not send on: back to the link that it came from, from a link-local address, or a redirect of the kernel's. */
    NOT_FORWARDED("not-forwarded"),
    /** The session's filter does not permit it. */
    FILTER("filter"),
    /** More than the session's rate: from the subscriber at once, to the subscriber after waiting. */
    RATE("rate"),
    /** More packets than the session may send or receive a second. */
    PACKET_RATE("packet-rate"),
    /** The session is suspended. */
    SUSPENDED("suspended"),
    /** More control frames from one session than are taken in so short a time. */
    PUNT_LIMIT("punt-limit"),
    /** The hand-over to the control loop was full. */
    PUNT_FULL("punt-full"),
    /** The TUN device refused the packet. */
    TUN_WRITE("tun-write"),
    /** A packet from the device that no session is the destination of. */
    NO_ROUTE("no-route"),
    /** Larger than the link's MTU and not to be fragmented; the sender was told, at a limited rate. */
    TOO_BIG("too-big"),
    /** Larger than the link's MTU and the sender could not be told (rate limit, no address of ours). */
    TOO_BIG_SILENT("too-big-silent"),
    /** A super-packet from the device whose headers contradict each other. */
    BAD_SUPER_PACKET("bad-super-packet"),
    /** The kernel's send buffer was full. */
    SEND_FULL("send-full"),
    /** The kernel refused to send: no route to the peer, permission. */
    SEND_ERROR("send-error"),
    /** A defect of ours met a packet: what was in hand is lost, the loop goes on. */
    DEFECT("defect");

    private final String label;

    DropReason(String label) { this.label = label; }

    /** Name in metrics, kebab-case. */
    public String label() { return label; }
}

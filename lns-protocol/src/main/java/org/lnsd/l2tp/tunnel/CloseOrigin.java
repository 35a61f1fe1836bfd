package org.lnsd.l2tp.tunnel;

/** Who ended a control connection. */
public enum CloseOrigin {
    /** Our shell asked for it. */
    LOCAL,
    /** The peer sent StopCCN. */
    PEER,
    /** The peer did not acknowledge within the limits of retransmission, or did not finish the set-up in time. */
    TIMEOUT,
    /** The peer broke a rule of the protocol or failed authentication. */
    PROTOCOL
}

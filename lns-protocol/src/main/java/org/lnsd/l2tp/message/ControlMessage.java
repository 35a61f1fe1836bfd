package org.lnsd.l2tp.message;

/** A control message of L2TPv2 without its header. */
public sealed interface ControlMessage permits Sccrq, Sccrp, Scccn, StopCcn, Hello, Ocrq, Ocrp, Occn, Icrq, Icrp, Iccn,
        Cdn, Wen, Sli, Csun, Csurq {
    MessageType type();
}

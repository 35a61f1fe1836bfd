package org.lnsd.daemon.tunnel;

import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.tunnel.CloseOrigin;
import org.lnsd.l2tp.tunnel.TunnelEvent;

/** One word for why a tunnel ended, for the history and its diagnosis. */
final class TunnelEnds {

    private TunnelEnds() {}

    static String label(TunnelEvent.Closed closed, boolean wasEstablished) {
        boolean unauthorized = closed.result().equals(ResultCode.STOP_NOT_AUTHORIZED);
        return switch (closed.origin()) {
            case TIMEOUT -> wasEstablished ? "lac-silent" : "tunnel-half-open";
            case PEER -> unauthorized && !wasEstablished ? "lac-refuses-secret" : "lac-stopped";
            case PROTOCOL, LOCAL -> unauthorized && !wasEstablished
                    ? "wrong-tunnel-secret"
                    : closed.origin() == CloseOrigin.LOCAL ? "tunnel-cleared" : "tunnel-protocol-error";
        };
    }
}

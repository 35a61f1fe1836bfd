package org.lnsd.daemon.config;

import java.util.Optional;

/**
 * What is done differently with one LAC, because of its lines or of its software.
 *
 * @param mru            offered to its subscribers in octets; empty: that of {@code [ppp]}
 * @param addressControl FF03 in front of frames to its subscribers
 * @param proxy          what is made of its proxied LCP and authentication; empty: as in {@code [ppp]}
 * @param hiddenAvps     whether AVPs to it are hidden; empty: as in {@code [l2tp]}
 * @param receiveWindow  control messages that it may have outstanding; empty: as in {@code [l2tp]}
 * @param strict         whether a known AVP that its message must not carry counts as an unknown one
 */
public record PeerTuning(Optional<Integer> mru, AddressControl addressControl, Optional<ProxyPolicy> proxy,
        Optional<HiddenAvps> hiddenAvps, Optional<Integer> receiveWindow, boolean strict) {

    /** Nothing is different. */
    public static final PeerTuning NONE = new PeerTuning(Optional.empty(), AddressControl.COMPRESSED, Optional.empty(),
            Optional.empty(), Optional.empty(), false);

    /** Returns whether its subscribers' links negotiate as all others. */
    public boolean isUsualLink() {
        return mru.isEmpty() && addressControl == AddressControl.COMPRESSED;
    }
}

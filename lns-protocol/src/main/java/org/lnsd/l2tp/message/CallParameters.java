package org.lnsd.l2tp.message;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.avp.VendorAvp;

/**
 * What an ICCN or an OCCN tells of a connected call (RFC 2661 sections 6.8 and 6.11).
 *
 * @param framingType bit 0 synchronous, bit 1 asynchronous
 * @param txConnectSpeedBps towards the subscriber
 * @param rxConnectSpeedBps from the subscriber; absent: the same as towards it
 * @param sequencingRequired data messages must carry sequence numbers
 * @param lcpAllowOptions RFC 3437 section 2, as it came
 * @param lcpWantOptions RFC 3437 section 2, as it came
 * @param speedUpdates the LAC asks to send and take Connect-Speed-Update-Notifications (RFC 5515)
 */
public record CallParameters(int framingType, long txConnectSpeedBps, OptionalLong rxConnectSpeedBps,
        boolean sequencingRequired, Optional<String> privateGroupId, ProxyLcp proxyLcp,
        Optional<ProxyAuthentication> proxyAuthentication, Optional<Octets> lcpWantOptions,
        Optional<Octets> lcpAllowOptions, boolean speedUpdates, AccessLine accessLine, List<VendorAvp> vendorAvps) {
    /** Framing Type: synchronous. */
    public static final int SYNCHRONOUS = 1;
    /** Framing Type: asynchronous. */
    public static final int ASYNCHRONOUS = 2;

    public CallParameters {
        vendorAvps = List.copyOf(vendorAvps);
    }

    /** The bare minimum: framing and speed. */
    public static CallParameters of(int framingType, long txConnectSpeedBps) {
        return builder().framingType(framingType).txConnectSpeedBps(txConnectSpeedBps).build();
    }

    public static Builder builder() { return new Builder(); }

    /** Collects the parameters; what is not set is absent, the framing is synchronous. */
    public static final class Builder {
        private int framingType = SYNCHRONOUS;
        private long txConnectSpeedBps;
        private OptionalLong rxConnectSpeedBps = OptionalLong.empty();
        private boolean sequencingRequired;
        private Optional<String> privateGroupId = Optional.empty();
        private ProxyLcp proxyLcp = ProxyLcp.NONE;
        private Optional<ProxyAuthentication> proxyAuthentication = Optional.empty();
        private Optional<Octets> lcpWantOptions = Optional.empty();
        private Optional<Octets> lcpAllowOptions = Optional.empty();
        private boolean speedUpdates;
        private AccessLine accessLine = AccessLine.EMPTY;
        private List<VendorAvp> vendorAvps = List.of();

        private Builder() {}

        public Builder framingType(int bits) {
            framingType = bits;
            return this;
        }

        public Builder txConnectSpeedBps(long bps) {
            txConnectSpeedBps = bps;
            return this;
        }

        public Builder rxConnectSpeedBps(long bps) {
            rxConnectSpeedBps = OptionalLong.of(bps);
            return this;
        }

        public Builder sequencingRequired(boolean required) {
            sequencingRequired = required;
            return this;
        }

        public Builder privateGroupId(Optional<String> id) {
            privateGroupId = id;
            return this;
        }

        public Builder proxyLcp(ProxyLcp proxy) {
            proxyLcp = proxy;
            return this;
        }

        public Builder proxyAuthentication(Optional<ProxyAuthentication> proxy) {
            proxyAuthentication = proxy;
            return this;
        }

        public Builder lcpOptions(Optional<Octets> want, Optional<Octets> allow) {
            lcpWantOptions = want;
            lcpAllowOptions = allow;
            return this;
        }

        public Builder speedUpdates(boolean enabled) {
            speedUpdates = enabled;
            return this;
        }

        public Builder accessLine(AccessLine line) {
            accessLine = line;
            return this;
        }

        public Builder vendorAvps(List<VendorAvp> avps) {
            vendorAvps = avps;
            return this;
        }

        public CallParameters build() {
            return new CallParameters(framingType, txConnectSpeedBps, rxConnectSpeedBps, sequencingRequired,
                    privateGroupId, proxyLcp, proxyAuthentication, lcpWantOptions, lcpAllowOptions, speedUpdates,
                    accessLine, vendorAvps);
        }
    }
}

package org.lnsd.l2tp.tunnel;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.lnsd.l2tp.avp.Secret;

/**
 * How a control connection behaves, validated once.
 *
 * @param hostName our Host Name, 1 to 1,000 octets
 * @param framingCapabilities bit 0 synchronous, bit 1 asynchronous
 * @param bearerCapabilities bit 0 digital, bit 1 analog
 * @param receiveWindow the Receive Window Size that we tell, 1 to 32,767 messages
 * @param retransmitAttempts how often a message is repeated before the tunnel is given up
 * @param helloIntervalNs of silence before a HELLO, 0: never
 * @param establishTimeoutNs from the first message to established, else the tunnel is given up
 * @param callTimeoutNs from the first message of a call to established, else CDN
 * @param retentionNs after StopCCN, acknowledging only (RFC 2661 section 5.7: 31 s)
 * @param sessionQuarantineNs for which the id of an ended session is not given again
 * @param secret of tunnel authentication and hiding; absent: none
 * @param challengePeer the peer must prove that it knows the secret
 * @param hideAvps hide what we send and may hide, where there is a secret
 * @param sendTieBreaker tell a tie breaker in SCCRQ (RFC 2661 section 4.4.3)
 * @param strict treat known AVPs outside their messages as unknown
 */
public record TunnelSettings(String hostName, String vendorName, int firmwareRevision, int framingCapabilities,
        int bearerCapabilities, int receiveWindow, long retransmitInitialNs, long retransmitMaximumNs,
        int retransmitAttempts, long helloIntervalNs, long establishTimeoutNs, long callTimeoutNs, long retentionNs,
        long sessionQuarantineNs, Optional<Secret> secret, boolean challengePeer, boolean hideAvps,
        boolean sendTieBreaker, int maximumSessions, boolean strict) {

    private static final long SECOND_NS = 1_000_000_000L;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException with the value and its limit
     */
    public TunnelSettings {
        int hostNameBytes = hostName.getBytes(StandardCharsets.UTF_8).length;
        require(hostNameBytes >= 1 && hostNameBytes <= 1000, "host name length", hostNameBytes, "1 to 1000");
        require(vendorName.length() <= 255, "vendor name length", vendorName.length(), "at most 255");
        require(receiveWindow >= 1 && receiveWindow <= 32_767, "receive window", receiveWindow, "1 to 32767");
        require(retransmitInitialNs > 0, "initial retransmission timeout", retransmitInitialNs, "more than 0");
        require(retransmitMaximumNs >= retransmitInitialNs, "maximum retransmission timeout", retransmitMaximumNs,
                "at least " + retransmitInitialNs);
        require(retransmitAttempts >= 1, "retransmission attempts", retransmitAttempts, "at least 1");
        require(maximumSessions >= 0 && maximumSessions <= 65_000, "maximum sessions", maximumSessions, "0 to 65000");
        require(!challengePeer || secret.isPresent(), "challenge without secret", 1, "a secret");
    }

    private static void require(boolean valid, String what, long value, String limit) {
        if (!valid) {
            throw new IllegalArgumentException(what + " " + value + ", allowed is " + limit);
        }
    }

    /** The defaults of RFC 2661 with the given host name. */
    public static Builder builder(String hostName) {
        return new Builder(hostName);
    }

    /** Collects settings; all have defaults. */
    public static final class Builder {
        private final String hostName;
        private String vendorName = "lnsd";
        private int firmwareRevision = 0x0100;
        private int framingCapabilities = 3;
        private int bearerCapabilities = 3;
        private int receiveWindow = 64;
        private long retransmitInitialNs = SECOND_NS;
        private long retransmitMaximumNs = 8 * SECOND_NS;
        private int retransmitAttempts = 5;
        private long helloIntervalNs = 60 * SECOND_NS;
        private long establishTimeoutNs = 30 * SECOND_NS;
        private long callTimeoutNs = 60 * SECOND_NS;
        private long retentionNs = 31 * SECOND_NS;
        private long sessionQuarantineNs = 10 * SECOND_NS;
        private Optional<Secret> secret = Optional.empty();
        private boolean challengePeer;
        private boolean hideAvps;
        private boolean sendTieBreaker;
        private int maximumSessions = 60_000;
        private boolean strict;

        private Builder(String hostName) { this.hostName = hostName; }

        public Builder vendorName(String name) {
            vendorName = name;
            return this;
        }

        public Builder firmwareRevision(int revision) {
            firmwareRevision = revision;
            return this;
        }

        public Builder capabilities(int framing, int bearer) {
            framingCapabilities = framing;
            bearerCapabilities = bearer;
            return this;
        }

        public Builder receiveWindow(int messages) {
            receiveWindow = messages;
            return this;
        }

        public Builder retransmit(long initialNs, long maximumNs, int attempts) {
            retransmitInitialNs = initialNs;
            retransmitMaximumNs = maximumNs;
            retransmitAttempts = attempts;
            return this;
        }

        public Builder helloIntervalNs(long intervalNs) {
            helloIntervalNs = intervalNs;
            return this;
        }

        public Builder establishTimeoutNs(long timeoutNs) {
            establishTimeoutNs = timeoutNs;
            return this;
        }

        public Builder callTimeoutNs(long timeoutNs) {
            callTimeoutNs = timeoutNs;
            return this;
        }

        public Builder retentionNs(long timeNs) {
            retentionNs = timeNs;
            return this;
        }

        public Builder sessionQuarantineNs(long timeNs) {
            sessionQuarantineNs = timeNs;
            return this;
        }

        /** With {@code challenge} the peer must prove that it knows the secret; its own challenges are always answered. */
        public Builder secret(Secret value, boolean challenge) {
            secret = Optional.of(value);
            challengePeer = challenge;
            return this;
        }

        public Builder hideAvps(boolean hide) {
            hideAvps = hide;
            return this;
        }

        public Builder sendTieBreaker(boolean send) {
            sendTieBreaker = send;
            return this;
        }

        public Builder maximumSessions(int maximum) {
            maximumSessions = maximum;
            return this;
        }

        public Builder strict(boolean value) {
            strict = value;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException with the value and its limit
         */
        public TunnelSettings build() {
            return new TunnelSettings(hostName, vendorName, firmwareRevision, framingCapabilities, bearerCapabilities,
                    receiveWindow, retransmitInitialNs, retransmitMaximumNs, retransmitAttempts, helloIntervalNs,
                    establishTimeoutNs, callTimeoutNs, retentionNs, sessionQuarantineNs, secret, challengePeer,
                    hideAvps, sendTieBreaker, maximumSessions, strict);
        }
    }
}

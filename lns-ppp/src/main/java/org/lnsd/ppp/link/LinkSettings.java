package org.lnsd.ppp.link;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.fsm.Automaton;

/**
 * How a link negotiates; one immutable object is shared by many links.
 *
 * @param role which end this is
 * @param authentication for a server what it demands, in order of preference (empty: none); for a client what it is
 *     willing to answer
 * @param mru the largest information field we take, octets
 * @param minimumPeerMru a peer that asks for less is answered with a Nak, octets
 * @param echoIntervalNs silence of the peer after which an Echo-Request is sent; 0: never
 * @param echoFailures unanswered Echo-Requests after which the link is dead
 * @param restartTimerNs RFC 1661 Restart timer
 * @param maxConfigure RFC 1661 Max-Configure
 * @param maxTerminate RFC 1661 Max-Terminate
 * @param maxFailure RFC 1661 Max-Failure
 * @param authenticationTimeoutNs from LCP Opened until the peer gave its credentials
 * @param networkTimeoutNs from authentication until some network protocol is open; 0: for ever
 * @param terminateLingerNs pause after the peer's Terminate-Request was acknowledged and before the link is down
 * @param reauthenticationIntervalNs a new challenge this often (CHAP, server); 0: never
 * @param offerAcfc ask for Address-and-Control-Field-Compression
 * @param offerPfc ask for Protocol-Field-Compression
 * @param alwaysFf03 send address and control fields even where the peer allows to leave them out
 * @param ourName the name in CHAP challenges (server) or the user name (client)
 * @param password the client's password
 * @param mrru RFC 1990 Maximum Received Reconstructed Unit that is offered; 0: no multilink
 * @param shortSequenceNumbers offer short sequence numbers with multilink
 * @param endpointDiscriminator RFC 1990 class and address octets; empty: none
 * @param recordNegotiation produce {@link LinkEvent.Negotiation} events
 */
public record LinkSettings(Role role, List<AuthenticationProtocol> authentication, int mru, int minimumPeerMru,
        long echoIntervalNs, int echoFailures, long restartTimerNs, int maxConfigure, int maxTerminate, int maxFailure,
        long authenticationTimeoutNs, long networkTimeoutNs, long terminateLingerNs, long reauthenticationIntervalNs,
        boolean offerAcfc, boolean offerPfc, boolean alwaysFf03, String ourName, String password, int mrru,
        boolean shortSequenceNumbers, List<Byte> endpointDiscriminator,
        boolean recordNegotiation) implements Automaton.Limits {

    public LinkSettings {
        authentication = List.copyOf(authentication);
        endpointDiscriminator = List.copyOf(endpointDiscriminator);
        require(mru >= 68 && mru <= 65535, "mru", mru);
        require(echoIntervalNs >= 0, "echoIntervalNs", echoIntervalNs);
        require(echoFailures >= 1, "echoFailures", echoFailures);
        require(restartTimerNs > 0, "restartTimerNs", restartTimerNs);
        require(maxConfigure >= 1, "maxConfigure", maxConfigure);
        require(maxTerminate >= 1, "maxTerminate", maxTerminate);
        require(maxFailure >= 1, "maxFailure", maxFailure);
        require(mrru == 0 || (mrru >= 1500 && mrru <= 65535), "mrru", mrru);
        require(endpointDiscriminator.size() <= 21, "endpointDiscriminator octets", endpointDiscriminator.size());
    }

    private static void require(boolean holds, String name, long value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " out of range: " + value);
        }
    }

    /** Returns a builder with the defaults of an LNS. */
    public static Builder server() {
        return new Builder(Role.SERVER);
    }

    /** Returns a builder with the defaults of a subscriber. */
    public static Builder client(String user, String password) {
        var builder = new Builder(Role.CLIENT);
        builder.ourName = user;
        builder.password = password;
        return builder;
    }

    /** Collects settings; every value has a default. */
    public static final class Builder {
        private final Role role;
        private List<AuthenticationProtocol> authentication;
        private int mru = 1500;
        private int minimumPeerMru = 128;
        private long echoIntervalNs = TimeUnit.SECONDS.toNanos(10);
        private int echoFailures = 6;
        private long restartTimerNs = TimeUnit.SECONDS.toNanos(3);
        private int maxConfigure = 10;
        private int maxTerminate = 2;
        private int maxFailure = 5;
        private long authenticationTimeoutNs = TimeUnit.SECONDS.toNanos(30);
        private long networkTimeoutNs = TimeUnit.SECONDS.toNanos(60);
        private long terminateLingerNs = TimeUnit.MILLISECONDS.toNanos(500);
        private long reauthenticationIntervalNs;
        private boolean offerAcfc;
        private boolean offerPfc;
        private boolean alwaysFf03;
        private String ourName = "lnsd";
        private String password = "";
        private int mrru;
        private boolean shortSequenceNumbers;
        private List<Byte> endpointDiscriminator = List.of();
        private boolean recordNegotiation;

        Builder(Role role) {
            this.role = role;
            authentication = role == Role.SERVER
                    ? List.of(AuthenticationProtocol.CHAP_MD5, AuthenticationProtocol.PAP)
                    : List.of(AuthenticationProtocol.values());
        }

        /** Sets {@link LinkSettings#authentication}. */
        public Builder authentication(List<AuthenticationProtocol> value) {
            authentication = value;
            return this;
        }

        /** Sets {@link LinkSettings#mru}. */
        public Builder mru(int value) {
            mru = value;
            return this;
        }

        /** Sets {@link LinkSettings#minimumPeerMru}. */
        public Builder minimumPeerMru(int value) {
            minimumPeerMru = value;
            return this;
        }

        /** Sets {@link LinkSettings#echoIntervalNs}. */
        public Builder echoIntervalNs(long value) {
            echoIntervalNs = value;
            return this;
        }

        /** Sets {@link LinkSettings#echoFailures}. */
        public Builder echoFailures(int value) {
            echoFailures = value;
            return this;
        }

        /** Sets {@link LinkSettings#restartTimerNs}. */
        public Builder restartTimerNs(long value) {
            restartTimerNs = value;
            return this;
        }

        /** Sets {@link LinkSettings#maxConfigure}. */
        public Builder maxConfigure(int value) {
            maxConfigure = value;
            return this;
        }

        /** Sets {@link LinkSettings#maxTerminate}. */
        public Builder maxTerminate(int value) {
            maxTerminate = value;
            return this;
        }

        /** Sets {@link LinkSettings#maxFailure}. */
        public Builder maxFailure(int value) {
            maxFailure = value;
            return this;
        }

        /** Sets {@link LinkSettings#authenticationTimeoutNs}. */
        public Builder authenticationTimeoutNs(long value) {
            authenticationTimeoutNs = value;
            return this;
        }

        /** Sets {@link LinkSettings#networkTimeoutNs}. */
        public Builder networkTimeoutNs(long value) {
            networkTimeoutNs = value;
            return this;
        }

        /** Sets {@link LinkSettings#terminateLingerNs}. */
        public Builder terminateLingerNs(long value) {
            terminateLingerNs = value;
            return this;
        }

        /** Sets {@link LinkSettings#reauthenticationIntervalNs}. */
        public Builder reauthenticationIntervalNs(long value) {
            reauthenticationIntervalNs = value;
            return this;
        }

        /** Sets {@link LinkSettings#offerAcfc}. */
        public Builder offerAcfc(boolean value) {
            offerAcfc = value;
            return this;
        }

        /** Sets {@link LinkSettings#offerPfc}. */
        public Builder offerPfc(boolean value) {
            offerPfc = value;
            return this;
        }

        /** Sets {@link LinkSettings#alwaysFf03}. */
        public Builder alwaysFf03(boolean value) {
            alwaysFf03 = value;
            return this;
        }

        /** Sets {@link LinkSettings#ourName}. */
        public Builder ourName(String value) {
            ourName = value;
            return this;
        }

        /** Sets {@link LinkSettings#mrru}. */
        public Builder mrru(int value) {
            mrru = value;
            return this;
        }

        /** Sets {@link LinkSettings#shortSequenceNumbers}. */
        public Builder shortSequenceNumbers(boolean value) {
            shortSequenceNumbers = value;
            return this;
        }

        /** Sets {@link LinkSettings#endpointDiscriminator}. */
        public Builder endpointDiscriminator(List<Byte> value) {
            endpointDiscriminator = value;
            return this;
        }

        /** Sets {@link LinkSettings#recordNegotiation}. */
        public Builder recordNegotiation(boolean value) {
            recordNegotiation = value;
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException naming the value that is out of range
         */
        public LinkSettings build() {
            return new LinkSettings(role, authentication, mru, minimumPeerMru, echoIntervalNs, echoFailures,
                    restartTimerNs, maxConfigure, maxTerminate, maxFailure, authenticationTimeoutNs, networkTimeoutNs,
                    terminateLingerNs, reauthenticationIntervalNs, offerAcfc, offerPfc, alwaysFf03, ourName, password,
                    mrru, shortSequenceNumbers, endpointDiscriminator, recordNegotiation);
        }
    }
}

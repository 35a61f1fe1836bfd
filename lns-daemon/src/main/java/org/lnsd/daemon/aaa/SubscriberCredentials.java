package org.lnsd.daemon.aaa;

/** What a subscriber has shown to prove who it is. Never logged. Arrays are not copied: the giver does not change them afterwards. */
@SuppressWarnings("ArrayRecordComponent")
public sealed interface SubscriberCredentials {
    /** The name the subscriber gave. */
    String user();

    /** RFC 1334 section 2: the password itself. */
    record Pap(String user, byte[] password) implements SubscriberCredentials {
        @Override
        public String toString() { return "PAP user=" + user; }
    }

    /** RFC 1994: response to a challenge by MD5. */
    record Chap(String user, int identifier, byte[] challenge, byte[] response) implements SubscriberCredentials {
        @Override
        public String toString() { return "CHAP user=" + user; }
    }

    /** RFC 2759: 16 octets of authenticator challenge, 16 of peer challenge, 24 of NT-Response. */
    record MsChapV2(String user, int identifier, byte[] authenticatorChallenge, byte[] peerChallenge, byte[] ntResponse,
            int flags) implements SubscriberCredentials {
        @Override
        public String toString() { return "MS-CHAPv2 user=" + user; }
    }
}

package org.lnsd.radius.client;

import org.jspecify.annotations.Nullable;

/** An identifier in use on one source port of one server. */
final class Slot<C> {
    final Server<C> server;
    /** Source port times 256 plus identifier. */
    final int index;
    /** Authenticator of the request that uses it. */
    byte[] authenticator = new byte[0];
    /** Authenticator of the request that had the identifier before. */
    final byte[] formerAuthenticator;
    /** Whose it is; null: a probe's. */
    final @Nullable Exchange<C> exchange;
    long sentNs;

    Slot(Server<C> server, int index, @Nullable Exchange<C> exchange, byte[] formerAuthenticator) {
        this.server = server;
        this.index = index;
        this.exchange = exchange;
        this.formerAuthenticator = formerAuthenticator;
    }

    int socket() { return index >> 8; }

    int identifier() { return index & 0xFF; }
}

package org.lnsd.daemon.aaa.radius;

import io.netty.buffer.ByteBuf;

/** The way to one server. Used on the group's loop only. */
interface ServerTransport {
    /** Queues a packet for one of the source ports. Takes ownership. */
    void send(int socket, ByteBuf packet);

    /** Sends what is queued. */
    void flush();

    /** Closes all sockets. */
    void close();

    /** What a transport tells the group. Called on the group's loop. */
    interface Listener {
        /** A packet came. Borrows. */
        void onDatagram(int server, int socket, ByteBuf datagram);

        /** Nobody listens there. */
        void onUnreachable(int server);

        /** A connection is up. */
        void onConnected(int server);

        /** A connection is gone. */
        void onDisconnected(int server);
    }
}

package org.lnsd.lac;

/** Hears what becomes of an emulator; everything is called on its loop. */
interface EmulatorListener {

    /** Every subscriber is open or has failed; comes once. */
    void onSettled();

    /** Everything is hung up; the last call. */
    void onDone();

    /** A tunnel is open, or closed for good. */
    default void onTunnel(LacTunnel tunnel) {}

    /** A subscriber has come into a state. */
    default void onSubscriber(Subscriber subscriber, Subscriber.State state) {}

    /** A row's session has ended; its counters can be read a last time. */
    default void onRowLeaves(int row) {}
}

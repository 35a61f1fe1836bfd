package org.lnsd.rules.impure;

import java.io.IOException;
import java.net.DatagramSocket;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One method for each thing that a protocol machine must not do. */
@SuppressWarnings("unused")
final class Impure {
    private Impure() {}

    static DatagramSocket socket() throws IOException { return new DatagramSocket(); }

    static Thread thread() { return Thread.currentThread(); }

    static long time() { return System.nanoTime(); }

    static Clock clock() { return Clock.systemUTC(); }

    static int chance() { return ThreadLocalRandom.current().nextInt(); }

    static Logger logger() { return LoggerFactory.getLogger(Impure.class); }
}

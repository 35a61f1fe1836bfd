package org.lnsd.daemon;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.lnsd.daemon.aaa.Aaa;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.control.Node;
import org.lnsd.daemon.forwarding.ControlSink;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.KernelRoutes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the parts that reach out of the process, and closes them in the reverse order. */
@SuppressWarnings("DoNotCallSuggester")
final class Outside {

    private static final Logger LOG = LoggerFactory.getLogger(Outside.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    Forwarding forwarding(Configuration configuration, EventLoop control, ControlSink sink) throws SystemRefusal {
        throw new SystemRefusal("forwarding is not there yet", new UnsupportedOperationException());
    }

    KernelRoutes routes(Configuration configuration) throws SystemRefusal {
        throw new SystemRefusal("routes are not there yet", new UnsupportedOperationException());
    }

    Aaa aaa(Configuration configuration) throws SystemRefusal {
        throw new SystemRefusal("authentication is not there yet", new UnsupportedOperationException());
    }

    List<AutoCloseable> listeners(Configuration configuration, Node node) throws SystemRefusal { return List.of(); }

    void reconfigure(Configuration next) {
        // users and servers follow
    }

    void close() {
        while (!opened.isEmpty()) {
            closeQuietly(opened.pop());
        }
    }

    /** The boundary of the stop: what cannot be closed does not keep the rest open. */
    static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception defect) {
            LOG.warn("close-failed class=bug part={} cause={}", part.getClass().getSimpleName(), defect.toString());
        }
    }
}

package org.lnsd.daemon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.control.ControlServer;
import org.lnsd.daemon.control.Node;
import org.lnsd.daemon.control.OperatorServices;
import org.lnsd.daemon.forwarding.ForwardingCounters;
import org.lnsd.daemon.history.HistoryArchive;
import org.lnsd.daemon.log.LogSetup;
import org.lnsd.daemon.metrics.EventMetrics;
import org.lnsd.daemon.metrics.ForwardingMetrics;
import org.lnsd.daemon.metrics.MetricRegistry;
import org.lnsd.daemon.metrics.MetricsServer;
import org.lnsd.daemon.metrics.NodeMetrics;
import org.lnsd.daemon.metrics.ProcessMetrics;

/** Opens what operators and monitoring use: the control socket and the metrics port. */
final class OperatorSide {

    private OperatorSide() {}

    /**
     * Opens all that the configuration asks for.
     *
     * @param counts     events of tunnels and sessions by name
     * @param forwarding reads the forwarding plane
     * @return what is to be closed at the end
     * @throws SystemRefusal when a path or port is refused; nothing is left open then
     */
    static List<AutoCloseable> open(Configuration configuration, Node node, Supplier<Map<String, Long>> counts,
            Supplier<ForwardingCounters> forwarding, HistoryArchive history) throws SystemRefusal {
        LogSetup.apply(configuration.log());
        MetricRegistry metrics = new MetricRegistry();
        metrics.register(new NodeMetrics(node));
        metrics.register(new EventMetrics(counts));
        metrics.register(new ForwardingMetrics(forwarding));
        metrics.register(new ProcessMetrics());
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            opened.add(ControlServer.start(configuration.control(),
                    new OperatorServices(node, metrics, history, LogSetup.memory())));
            if (configuration.metrics().listen().isPresent()) {
                opened.add(MetricsServer.start(configuration.metrics().listen().get(), metrics, node));
            }
            return opened;
        } catch (IOException refused) {
            opened.forEach(Outside::closeQuietly);
            throw new SystemRefusal(String.valueOf(refused.getMessage()), refused);
        }
    }
}

package org.lnsd.daemon.snmp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.Secret;
import org.lnsd.daemon.config.SnmpConfig;
import org.lnsd.daemon.control.Node;
import org.lnsd.daemon.control.TunnelView;
import org.lnsd.daemon.metrics.Metric;
import org.lnsd.daemon.metrics.MetricRegistry;
import org.lnsd.daemon.metrics.MetricSource;
import org.lnsd.daemon.net.IpAddresses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.Snmp;
import org.snmp4j.mp.CounterSupport;
import org.snmp4j.mp.MPv2c;
import org.snmp4j.mp.MPv3;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.security.SecurityModels;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.USM;
import org.snmp4j.security.UsmUser;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.transport.DefaultUdpTransportMapping;
import org.snmp4j.util.DefaultPDUFactory;

/** The agent on a UDP port of its own; net-snmp's snmpd can stand in front of it with a {@code proxy} line. One thread answers. */
public final class SnmpAgent implements AutoCloseable, MetricSource {

    private static final Logger LOG = LoggerFactory.getLogger(SnmpAgent.class);
    private static final int ENGINE_ID_OCTETS = 32;
    private static final int NAME_OCTETS = 20;

    private final Snmp snmp;
    private final Responder responder;
    private final DefaultUdpTransportMapping transport;

    private SnmpAgent(Snmp snmp, Responder responder, DefaultUdpTransportMapping transport) {
        this.snmp = snmp;
        this.responder = responder;
        this.transport = transport;
    }

    /**
     * Opens the port and answers.
     *
     * @throws IOException naming the address, when it or the state directory is refused
     */
    public static SnmpAgent start(Configuration configuration, SnmpConfig config, Node node, MetricRegistry metrics)
            throws IOException {
        InetSocketAddress listen = config.listen();
        MessageDispatcherImpl dispatcher = new MessageDispatcherImpl();
        if (config.community().isPresent()) {
            dispatcher.addMessageProcessingModel(new MPv2c());
        }
        if (config.user().isPresent()) {
            dispatcher.addMessageProcessingModel(version3(configuration, config, config.user().get()));
        }
        DefaultUdpTransportMapping transport = open(listen);
        Snmp snmp = new Snmp(dispatcher, transport);
        Responder responder = new Responder(config, mib(node, metrics));
        snmp.addCommandResponder(responder);
        snmp.listen();
        return new SnmpAgent(snmp, responder, transport);
    }

    private static DefaultUdpTransportMapping open(InetSocketAddress listen) throws IOException {
        try {
            return new DefaultUdpTransportMapping(new UdpAddress(listen.getAddress(), listen.getPort()));
        } catch (IOException refused) {
            throw new IOException("SNMP address " + IpAddresses.format(listen) + ": " + refused.getMessage()
                    + "; choose another ([snmp] listen) or stop what uses it", refused);
        }
    }

    private static MPv3 version3(Configuration configuration, SnmpConfig config, String user) throws IOException {
        Path state = configuration.node().stateDirectory();
        byte[] engineId = engineId(configuration.node().name());
        SecurityProtocols protocols = new SecurityProtocols(SecurityProtocols.SecurityProtocolSet.maxSecurity);
        protocols.addAuthenticationProtocol(new AuthHMAC192SHA256());
        protocols.addPrivacyProtocol(new PrivAES128());
        CounterSupport counters = new CounterSupport();
        int boots;
        try {
            boots = EngineBoots.next(state);
        } catch (IOException refused) {
            throw new IOException("SNMP engine's state in " + state + ": " + refused + "; make it writable or choose "
                    + "another ([node] state-directory)", refused);
        }
        USM usm = new USM(protocols, new OctetString(engineId), boots, counters);
        OctetString name = new OctetString(user.getBytes(UTF_8));
        usm.addUser(new UsmUser(name, AuthHMAC192SHA256.ID, passphrase(config.authenticationPassword()),
                PrivAES128.ID, passphrase(config.privacyPassword())));
        return new MPv3(engineId, new DefaultPDUFactory(), protocols,
                SecurityModels.getCollection(new SecurityModel[]{usm}), counters);
    }

    private static OctetString passphrase(java.util.Optional<Secret> secret) {
        return new OctetString(secret.map(Secret::bytes).orElse(new byte[0]));
    }

    /** RFC 3411 section 5, SnmpEngineID, format 4 (text): the node's name, so that it stays over restarts. */
    private static byte[] engineId(String node) {
        byte[] name = node.getBytes(UTF_8);
        byte[] id = new byte[Math.min(ENGINE_ID_OCTETS, 5 + Math.min(NAME_OCTETS, name.length))];
        id[0] = (byte) 0x80;
        id[2] = 0x1F; // 8072, NET-SNMP
        id[3] = (byte) 0x88;
        id[4] = 4;
        System.arraycopy(name, 0, id, 5, id.length - 5);
        return id;
    }

    private static Mib mib(Node node, MetricRegistry metrics) {
        Rows<TunnelView> tunnels = new Rows<>(node::tunnels, tunnel -> Values.oid(L2tpMib.interfaceIndex(tunnel)),
                System::nanoTime);
        return new Mib(Stream.of(new SystemMib(node).subtrees(), new InterfaceMib(tunnels).subtrees(),
                new L2tpMib(node, tunnels, System::nanoTime).subtrees(), new RadiusMib(node).subtrees(),
                new LnsdMib(node, metrics, System::nanoTime).subtrees()).flatMap(List::stream).toList());
    }

    /** Where it listens, with the port that the kernel chose for port 0. */
    public InetSocketAddress address() {
        UdpAddress bound = transport.getListenAddress();
        return new InetSocketAddress(bound.getInetAddress(), bound.getPort());
    }

    @Override
    public void collect(Consumer<Metric> into) {
        into.accept(Metric.counter("lnsd_snmp_requests_answered", "SNMP requests answered.", responder.answered()));
        into.accept(Metric.counter("lnsd_snmp_requests_refused", "SNMP requests of nobody who may ask.",
                responder.refused()));
    }

    @Override
    public void close() {
        try {
            snmp.close();
        } catch (IOException failed) {
            LOG.debug("snmp-close-failed cause={}", failed.toString());
        }
    }
}

package org.lnsd.daemon.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.ConfigurationLoader;
import org.lnsd.daemon.config.LoadedConfiguration;
import org.lnsd.daemon.config.SnmpConfig;
import org.lnsd.daemon.control.FakeNode;
import org.lnsd.daemon.metrics.Metric;
import org.lnsd.daemon.metrics.MetricRegistry;
import org.snmp4j.CommunityTarget;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.Target;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** The agent over real UDP with SNMPv2c; SNMPv3 is tried by the system tests with net-snmp's programs. */
class SnmpAgentTest {

    private static final String TUNNEL_STATE = "1.3.6.1.2.1.10.95.1.5.1.3.16777223";

    @TempDir
    Path state = Path.of("");

    private SnmpAgent agent;
    private Snmp client;

    @BeforeEach
    void start() throws IOException {
        MetricRegistry metrics = new MetricRegistry();
        metrics.register(into -> into.accept(Metric.counter("lnsd_test", "A test.", "reason", "odd", 3)));
        Configuration configuration = configuration("""
                [node]
                state-directory = "%s"
                [snmp]
                community = "inside"
                user = "monitor"
                authentication-password = "first-password"
                privacy-password = "second-password"
                """.formatted(state));
        SnmpConfig given = configuration.snmp().orElseThrow();
        SnmpConfig anyPort = new SnmpConfig(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                given.community(), given.user(), given.authenticationPassword(), given.privacyPassword());
        agent = SnmpAgent.start(configuration, anyPort, new FakeNode(500), metrics);
        client = new Snmp(new DefaultUdpTransportMapping(new UdpAddress(InetAddress.getLoopbackAddress(), 0)));
        client.listen();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        agent.close();
    }

    private static Configuration configuration(String toml) {
        return switch (ConfigurationLoader.parse("test", toml)) {
            case LoadedConfiguration.Valid(Configuration valid) -> valid;
            case LoadedConfiguration.Invalid invalid -> throw new AssertionError(invalid.errors().toString());
        };
    }

    private PDU ask(int type, String... oids) throws IOException { return ask("inside", 3, type, oids); }

    private PDU ask(String community, int retries, int type, String... oids) throws IOException {
        PDU request = new PDU();
        request.setType(type);
        if (type == PDU.GETBULK) {
            request.setMaxRepetitions(10_000);
        }
        for (String oid : oids) {
            request.add(new VariableBinding(new OID(oid)));
        }
        Target<UdpAddress> target = new CommunityTarget<>(
                new UdpAddress(agent.address().getAddress(), agent.address().getPort()), new OctetString(community));
        target.setVersion(SnmpConstants.version2c);
        target.setTimeout(retries == 0 ? 300 : 5000);
        target.setRetries(retries);
        return client.send(request, target).getResponse();
    }

    @Test
    void tellsTunnelsSessionsPoolsServersAndCounters() throws IOException {
        PDU answer = ask(PDU.GET, TUNNEL_STATE, "1.3.6.1.2.1.10.95.1.7.1.5.16777223.4",
                "1.3.6.1.2.1.67.1.2.1.1.4.1.6.1", "1.3.6.1.2.1.2.2.1.8.16777223", "1.3.6.1.2.1.1.5.0",
                LnsdMib.ROOT + ".1.2.1.3.7.100.101.102.97.117.108.116.1",
                LnsdMib.ROOT + ".1.3.1.2.9.116.101.115.116.123.111.100.100.125");
        assertThat(answer.getErrorStatus()).isZero();
        assertThat(answer.getVariableBindings()).extracting(binding -> binding.getVariable().toString())
                .containsExactly("3", "user4", "5", "1", "lns1", "16384", "3");
    }

    @Test
    void distinguishesWhatIsMissing() throws IOException {
        PDU answer = ask(PDU.GET, "1.3.6.1.2.1.10.95.1.5.1.3.5", "1.3.6.1.4.1.99999.1");
        assertThat(answer.getVariableBindings()).extracting(VariableBinding::getVariable)
                .containsExactly(Null.noSuchInstance, Null.noSuchObject);
        assertThat(ask(PDU.GETNEXT, "1.3.6.1.5").get(0).getVariable()).isEqualTo(Null.endOfMibView);
    }

    @Test
    void bulkGivesWhatFitsAndTheRestWithTheNextQuestion() throws IOException {
        String column = "1.3.6.1.2.1.10.95.1.7.1.5";
        OID at = new OID(column);
        int rows = 0;
        int questions = 0;
        while (at.startsWith(new OID(column))) {
            List<? extends VariableBinding> answer = ask(PDU.GETBULK, at.toString()).getVariableBindings();
            assertThat(answer).isNotEmpty().hasSizeLessThanOrEqualTo(1000);
            rows += (int) answer.stream().filter(row -> row.getOid().startsWith(new OID(column))).count();
            at = answer.getLast().getOid();
            questions++;
        }
        assertThat(rows).isEqualTo(500);
        assertThat(questions).isLessThan(20);
    }

    @Test
    void changesNothingAndIgnoresStrangers() throws IOException {
        assertThat(ask(PDU.SET, TUNNEL_STATE).getErrorStatus()).isEqualTo(PDU.notWritable);
        assertThat(ask("outside", 0, PDU.GET, TUNNEL_STATE)).isNull();
        MetricRegistry metrics = new MetricRegistry();
        metrics.register(agent);
        assertThat(metrics.collect()).anySatisfy(metric -> {
            assertThat(metric.name()).isEqualTo("lnsd_snmp_requests_refused");
            assertThat(metric.value()).isEqualTo(1);
        });
        assertThat(Files.exists(state.resolve("snmp-engine-boots"))).isTrue();
    }

    @Test
    void countsStartsForReplayProtection() throws IOException {
        // RFC 3414 section 2.2.2: snmpEngineBoots grows with each start
        assertThat(EngineBoots.next(state)).isEqualTo(2);
        assertThat(EngineBoots.next(state)).isEqualTo(3);
        Files.writeString(state.resolve("snmp-engine-boots"), "rubbish");
        assertThat(EngineBoots.next(state)).isEqualTo(1);
    }
}

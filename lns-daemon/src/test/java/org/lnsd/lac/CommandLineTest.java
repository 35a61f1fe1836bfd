package org.lnsd.lac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

class CommandLineTest {

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1, 0", "192.0.2.1:1702, 192.0.2.1, 1702", "2001:db8::1, 2001:db8::1, 0",
            "[2001:db8::1]:1701, 2001:db8::1, 1701"})
    void readsEndpoints(String text, String address, int port) {
        assertThat(Endpoint.parse(text)).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:x", "[2001:db8::1]:"})
    void refusesBadPorts(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text)).isInstanceOf(TypeConversionException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--lns 192.0.2.1 --tunnels 0", "--lns 192.0.2.1 --challenge",
            "--lns 192.0.2.1 --auth secretly",
            "--lns 192.0.2.1 --user %d%d", "--lns 192.0.2.1 --no-ipv4", "--lns 192.0.2.1 --sessions 70000",
            "--lns 192.0.2.1 --frobnicate",
            "--lns 192.0.2.1 --proxy-mru-lie 1400", "--lns 192.0.2.1 --secret-file /nonexistent"})
    void badUsageIsExitCodeTwoAndSaysWhy(String arguments) {
        StringWriter errors = new StringWriter();
        CommandLine commandLine = Main.commandLine().setErr(new PrintWriter(errors));
        assertThat(commandLine.execute(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(2);
        assertThat(errors.toString()).isNotBlank();
    }

    @Test
    void helpNamesEveryOptionWithItsDefault() {
        String help = Main.commandLine().getUsageMessage();
        assertThat(help).contains("--lns", "--sessions", "--proxy-mru-lie", "user%d@example.net", "Exit codes");
    }

    @Test
    void theLimitsOfThePlanAreNamed() {
        assertRefused(test -> test.load.inFlight = 0, "--in-flight 0 is not 1 to");
        assertRefused(test -> test.subscribers.mru = 10, "--mru 10");
    }

    private static void assertRefused(Consumer<TestPlan> change, String message) {
        TestPlan test = TestPlan.with();
        change.accept(test);
        assertThatThrownBy(test::plan).hasMessageContaining(message);
    }
}

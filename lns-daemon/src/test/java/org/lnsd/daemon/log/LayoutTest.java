package org.lnsd.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BinaryOperator;

import org.junit.jupiter.api.Test;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;

class LayoutTest {

    private static final BinaryOperator<String> PLAIN = LogSetup::asItIs;
    private static final BinaryOperator<String> PSEUDONYMS = new Pseudonyms(new byte[32]);
    private static final String SESSION_UP = "session-up session={} user={} networks={} calling={} setup-ms={}";

    @Test
    void textIsEventNameAndFields() {
        assertThat(text(PLAIN, "session-down session={} user={} text=\"{}\" uptime-s={}", "A1", "alice", "gone", 5))
                .endsWith(" INFO  session-down session=A1 user=alice text=\"gone\" uptime-s=5\n");
    }

    @Test
    void aNameNeverLooksLikeAField() {
        assertThat(text(PLAIN, "session-down user={} class={}", "alice class=bug", "remote"))
                .endsWith("session-down user=\"alice class=bug\" class=remote\n");
        assertThat(text(PLAIN, "tunnel-up host=\"{}\" window={}", "lac\" window=\"9", 4))
                .endsWith("tunnel-up host=\"lac' window='9\" window=4\n");
        assertThat(text(PLAIN, "session-down user={}", "a\nb")).endsWith("user=a\uFFFDb\n");
        assertThat(text(PLAIN, "session-down user={}", "{}")).endsWith("user={}\n");
    }

    @Test
    void jsonHasTheFieldsUnderTheirNames() {
        assertThat(json(PLAIN, SESSION_UP, "A1", "al\"ice\\ \u0001", "[10.0.0.2/32]", "", 12))
                .isEqualTo("{\"time\":\"1970-01-01T00:00:01Z\",\"level\":\"info\",\"event\":\"session-up\","
                        + "\"session\":\"A1\",\"user\":\"al\\\"ice\\\\ \\u0001\",\"networks\":\"[10.0.0.2/32]\","
                        + "\"calling\":\"\",\"setup-ms\":12}\n");
    }

    @Test
    void jsonOfALineThatWasWrittenBeforehand() {
        assertThat(json(PLAIN, "{} {}{}", "data-dropped", "peer=a cause=\"bad header\"", " repeated=3"))
                .contains("\"event\":\"data-dropped\",\"peer\":\"a\",\"cause\":\"bad header\",\"repeated\":\"3\"");
    }

    @Test
    void pseudonymsHideWhoItIs() {
        String up = text(PSEUDONYMS, SESSION_UP, "A1", "alice", "[10.0.0.2/32, 2001:db8:1::/64]", "0123456", 12);
        assertThat(up).doesNotContain("alice").doesNotContain("10.0.0.2").doesNotContain("2001:db8")
                .doesNotContain("0123456").contains("session=A1").contains("setup-ms=12")
                .containsPattern(
                        "user=~[0-9a-f]{12} networks=\\[~[0-9a-f]{12}/32, ~[0-9a-f]{12}/64] calling=~[0-9a-f]{12} ");
        String user = up.replaceAll("(?s).*user=(\\S+).*", "$1");
        assertThat(text(PSEUDONYMS, "no-address session={} user={} cause=\"{}\"", "A2", "alice",
                "address 10.0.0.2/32 is in use by another session")).contains("user=" + user)
                .doesNotContain("10.0.0.2");
        assertThat(new Pseudonyms(new byte[]{1}).apply("user", "alice")).isNotEqualTo(user);
        assertThat(PSEUDONYMS.apply("user", "")).isEmpty();
        assertThat(PSEUDONYMS.apply("text", "at 12:30 session replaced")).isEqualTo("at 12:30 session replaced");
    }

    private static String text(BinaryOperator<String> veil, String pattern, Object... arguments) {
        return new LineLayout(LineLayout.Style.PLAIN, veil).doLayout(event(pattern, arguments));
    }

    private static String json(BinaryOperator<String> veil, String pattern, Object... arguments) {
        return new JsonLayout(LineLayout.Style.PLAIN, veil).doLayout(event(pattern, arguments));
    }

    private static LoggingEvent event(String pattern, Object... arguments) {
        LoggingEvent event = new LoggingEvent(LayoutTest.class.getName(), new LoggerContext().getLogger("test"),
                Level.INFO, pattern, null, arguments);
        event.setTimeStamp(1000);
        return event;
    }
}

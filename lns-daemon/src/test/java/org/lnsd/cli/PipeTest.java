package org.lnsd.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code COMMAND | include | exclude | begin | count}. */
class PipeTest {

    private static final List<String> LINES = List.of("ID  USER", "1  alice", "2  bob", "3  bob(2", "4  carol");

    private static List<String> through(String line) {
        Pipe pipe = Pipe.split(line).pipe();
        List<String> left = new ArrayList<>(LINES.stream().filter(pipe::passes).toList());
        pipe.end().ifPresent(left::add);
        return left;
    }

    @Test
    void leavesWhatIsAskedFor() {
        assertThat(through("show sessions")).isEqualTo(LINES);
        assertThat(through("show sessions | include bob")).containsExactly("2  bob", "3  bob(2");
        assertThat(through("show sessions | exclude \"bob|USER\"")).containsExactly("1  alice", "4  carol");
        assertThat(through("show sessions | include b | exclude \\(")).containsExactly("2  bob");
        assertThat(through("show sessions | begin bob")).containsExactly("2  bob", "3  bob(2", "4  carol");
        assertThat(through("show sessions | include bob(")).as("no regular expression").containsExactly("3  bob(2");
        assertThat(through("show sessions | exclude USER | count")).containsExactly("4");
    }

    @Test
    void theHeadOfATableIsNotCounted() {
        assertThat(through("show sessions | count")).containsExactly("4");
        assertThat(through("show sessions | include bob | count")).containsExactly("2");
        Pipe bold = Pipe.split("show tunnels | count").pipe();
        List.of("\u001B[1mID  HOST NAME\u001B[0m", "7   LAC", "A").forEach(bold::passes);
        assertThat(bold.end()).contains("2");
        Pipe details = Pipe.split("show status | count").pipe();
        List.of("version  0.1.0", "state    ready").forEach(details::passes);
        assertThat(details.end()).contains("2");
    }

    @Test
    void aBarInQuotesIsText() {
        assertThat(Pipe.split("clear session x --reason \"a | b\" | count").command())
                .isEqualTo("clear session x --reason \"a | b\" ");
    }

    @Test
    void saysWhatThereIs() {
        assertThatThrownBy(() -> Pipe.split("show status | grep x")).hasMessageContaining("include, exclude, begin");
    }
}

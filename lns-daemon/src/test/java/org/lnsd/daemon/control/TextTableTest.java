package org.lnsd.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tables on terminals of any width: what names something stays whole as long as anything else can go. */
class TextTableTest {
    private final List<String> lines = new ArrayList<>();
    private final Output.Lines sink = new Output.Lines() {
        @Override
        public void out(CharSequence line) { lines.add(line.toString()); }

        @Override
        public void error(CharSequence line) { throw new AssertionError(line); }

        @Override
        public void flush() {
            // Nothing is held back.
        }
    };

    private static final List<Column<String>> COLUMNS = List.of(Column.of("NAME", name -> name),
            Column.of("LENGTH", 2, name -> Integer.toString(name.length())),
            Column.of("UPPER", 1, String::toUpperCase),
            Column.text("WHY", name -> "because " + name + " is so and so"));

    private List<String> at(int width) {
        lines.clear();
        new Output(sink, width, false).table(COLUMNS, Stream.of("alice@example.net", "bob@example.net"));
        return lines;
    }

    @Test
    void allColumnsWhereThereIsRoom() {
        assertThat(at(0)).containsExactly("NAME               LENGTH  UPPER              WHY",
                "alice@example.net  17      ALICE@EXAMPLE.NET  because alice@example.net is so and so",
                "bob@example.net    15      BOB@EXAMPLE.NET    because bob@example.net is so and so");
        assertThat(at(200)).isEqualTo(at(0));
    }

    @Test
    void proseIsCutFirstThenColumnsGo() {
        assertThat(at(76)).first().isEqualTo("NAME               LENGTH  UPPER              WHY");
        assertThat(at(76)).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(76)).last().asString()
                .endsWith("…");
        assertThat(at(62)).first().isEqualTo("NAME               UPPER              WHY");
        assertThat(at(43)).last().asString().startsWith("bob@example.net    because bob@").endsWith("…");
    }

    @Test
    void namesAreCutOnlyWhenNothingElseIsLeft() {
        assertThat(at(30)).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(30));
    }

    @Test
    void sessionsAndTunnelsKeepNamesAndAddressesWholeAt80Columns() {
        OperatorServices services = InterceptCommandsTest.services(new FakeNode(2));
        for (String what : List.of("sessions", "tunnels")) {
            lines.clear();
            Commands.run(services, new Output(sink, 80, false), List.of("show", what));
            assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain("…").hasSizeLessThanOrEqualTo(80));
        }
    }
}

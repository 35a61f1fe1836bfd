package org.lnsd.ppp.fsm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The state transition table of RFC 1661 section 4.1, kept as the RFC prints it and read once. */
@SuppressWarnings("EnumOrdinal") // rows and columns are in the order of the enums, as in the RFC
final class TransitionTable {
    /**
     * Rows: events in the order of {@link Event}; columns: states 0 to 9. A cell is "actions/next state" or "-": cannot
     * happen. The RFC's note p (passive option) and r (restart option) are not taken up, both are optional; x (crossed
     * connection) needs nothing.
     */
    private static final String RFC_1661_SECTION_4_1 = """
            2     irc,scr/6 -     -             -     -         -         -           -           -
            -     -         0     tls/1         0     1         1         1           1           tld/1
            tls/1 1         irc,scr/6 3         5     5         6         7           8           9
            0     tlf/0     2     2             4     4         irc,str/4 irc,str/4   irc,str/4   tld,irc,str/4
            -     -         -     -             str/4 str/5     scr/6     scr/6       scr/8       -
            -     -         -     -             tlf/2 tlf/3     tlf/3     tlf/3       tlf/3       -
            -     -         sta/2 irc,scr,sca/8 4     5         sca/8     sca,tlu/9   sca/8       tld,scr,sca/8
            -     -         sta/2 irc,scr,scn/6 4     5         scn/6     scn/7       scn/6       tld,scr,scn/6
            -     -         sta/2 sta/3         4     5         irc/7     scr/6       irc,tlu/9   tld,scr/6
            -     -         sta/2 sta/3         4     5         irc,scr/6 scr/6       irc,scr/8   tld,scr/6
            -     -         sta/2 sta/3         sta/4 sta/5     sta/6     sta/6       sta/6       tld,zrc,sta/5
            -     -         2     3             tlf/2 tlf/3     6         6           8           tld,scr/6
            -     -         scj/2 scj/3         scj/4 scj/5     scj/6     scj/7       scj/8       scj/9
            -     -         2     3             4     5         6         6           8           9
            -     -         tlf/2 tlf/3         tlf/2 tlf/3     tlf/3     tlf/3       tlf/3       tld,irc,str/5
            -     -         2     3             4     5         6         7           8           ser/9
            """;

    private static final List<List<Cell>> ROWS = RFC_1661_SECTION_4_1.lines().map(TransitionTable::row).toList();

    private TransitionTable() {}

    /**
     * What to do.
     *
     * @param next the next state, or null where the RFC has "-"
     */
    record Cell(List<Action> actions, @Nullable State next) {}

    /** Returns the cell. */
    static Cell cell(State state, Event event) {
        return ROWS.get(event.ordinal()).get(state.ordinal());
    }

    private static List<Cell> row(String line) {
        var cells = new ArrayList<Cell>();
        for (String text : line.trim().split(" +", -1)) {
            cells.add(cell(text));
        }
        return List.copyOf(cells);
    }

    private static Cell cell(String text) {
        if (text.equals("-")) {
            return new Cell(List.of(), null);
        }
        int slash = text.indexOf('/');
        var actions = new ArrayList<Action>();
        if (slash > 0) {
            for (String name : text.substring(0, slash).split(",", -1)) {
                actions.add(Action.valueOf(name.toUpperCase(Locale.ROOT)));
            }
        }
        return new Cell(List.copyOf(actions), State.values()[Integer.parseInt(text.substring(slash + 1))]);
    }
}

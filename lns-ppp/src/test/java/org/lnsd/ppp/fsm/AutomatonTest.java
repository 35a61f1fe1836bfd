package org.lnsd.ppp.fsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 1661 section 4.1: all 16 x 10 cells, read down the columns, and the timer of section 4.6. */
class AutomatonTest {
    private static final Automaton.Limits LIMITS = new Given(3, 3, 2, 5, 1);

    private record Given(long restartTimerNs, int maxConfigure, int maxTerminate, int maxFailure,
            long terminateLingerNs) implements Automaton.Limits {}

    /** One column of the table: what each event does in that state; events left out cannot happen there. */
    private static final Map<State, String> COLUMNS = Map.of(State.INITIAL, "Up=2 Open=tls/1 Close=0", State.STARTING,
            "Up=irc,scr/6 Open=1 Close=tlf/0", State.CLOSED,
            "Down=0 Open=irc,scr/6 Close=2 RCR+=sta/2 RCR-=sta/2 RCA=sta/2 RCN=sta/2 RTR=sta/2 RTA=2 RUC=scj/2"
                    + " RXJ+=2 RXJ-=tlf/2 RXR=2",
            State.STOPPED,
            "Down=tls/1 Open=3 Close=2 RCR+=irc,scr,sca/8 RCR-=irc,scr,scn/6 RCA=sta/3 RCN=sta/3 RTR=sta/3 RTA=3"
                    + " RUC=scj/3 RXJ+=3 RXJ-=tlf/3 RXR=3",
            State.CLOSING,
            "Down=0 Open=5 Close=4 TO+=str/4 TO-=tlf/2 RCR+=4 RCR-=4 RCA=4 RCN=4 RTR=sta/4 RTA=tlf/2 RUC=scj/4"
                    + " RXJ+=4 RXJ-=tlf/2 RXR=4",
            State.STOPPING,
            "Down=1 Open=5 Close=4 TO+=str/5 TO-=tlf/3 RCR+=5 RCR-=5 RCA=5 RCN=5 RTR=sta/5 RTA=tlf/3 RUC=scj/5"
                    + " RXJ+=5 RXJ-=tlf/3 RXR=5",
            State.REQ_SENT,
            "Down=1 Open=6 Close=irc,str/4 TO+=scr/6 TO-=tlf/3 RCR+=sca/8 RCR-=scn/6 RCA=irc/7 RCN=irc,scr/6"
                    + " RTR=sta/6 RTA=6 RUC=scj/6 RXJ+=6 RXJ-=tlf/3 RXR=6",
            State.ACK_RCVD,
            "Down=1 Open=7 Close=irc,str/4 TO+=scr/6 TO-=tlf/3 RCR+=sca,tlu/9 RCR-=scn/7 RCA=scr/6 RCN=scr/6"
                    + " RTR=sta/6 RTA=6 RUC=scj/7 RXJ+=6 RXJ-=tlf/3 RXR=7",
            State.ACK_SENT,
            "Down=1 Open=8 Close=irc,str/4 TO+=scr/8 TO-=tlf/3 RCR+=sca/8 RCR-=scn/6 RCA=irc,tlu/9 RCN=irc,scr/8"
                    + " RTR=sta/6 RTA=8 RUC=scj/8 RXJ+=8 RXJ-=tlf/3 RXR=8",
            State.OPENED,
            "Down=tld/1 Open=9 Close=tld,irc,str/4 RCR+=tld,scr,sca/8 RCR-=tld,scr,scn/6 RCA=tld,scr/6 RCN=tld,scr/6"
                    + " RTR=tld,zrc,sta/5 RTA=tld,scr/6 RUC=scj/9 RXJ+=9 RXJ-=tld,irc,str/5 RXR=ser/9");

    private static final Map<State, List<Event>> WAYS = Map.of(State.INITIAL, List.of(), State.STARTING,
            List.of(Event.OPEN), State.CLOSED, List.of(Event.UP), State.STOPPED,
            List.of(Event.OPEN, Event.UP, Event.TO_MINUS), State.CLOSING, List.of(Event.OPEN, Event.UP, Event.CLOSE),
            State.STOPPING, List.of(Event.OPEN, Event.UP, Event.RCA, Event.RCR_PLUS, Event.RTR), State.REQ_SENT,
            List.of(Event.OPEN, Event.UP), State.ACK_RCVD, List.of(Event.OPEN, Event.UP, Event.RCA), State.ACK_SENT,
            List.of(Event.OPEN, Event.UP, Event.RCR_PLUS), State.OPENED,
            List.of(Event.OPEN, Event.UP, Event.RCA, Event.RCR_PLUS));

    private final List<String> done = new ArrayList<>();
    private final Automaton automaton = new Automaton(LIMITS) {
        @Override
        void perform(Action action, Event cause, long nowNs) { done.add(action.name().toLowerCase(Locale.ROOT)); }
    };

    private void reach(State state) {
        for (Event event : WAYS.get(state)) {
            automaton.handle(event, 0);
        }
        assertThat(automaton.state()).isEqualTo(state);
        done.clear();
    }

    private static Map<String, String> column(State state) {
        var cells = new TreeMap<String, String>();
        for (String cell : COLUMNS.get(state).split(" ", -1)) {
            int equals = cell.lastIndexOf('=');
            cells.put(cell.substring(0, equals), cell.substring(equals + 1));
        }
        return cells;
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void everyCellOfTheColumn(State state) {
        Map<String, String> column = column(state);
        for (Event event : Event.values()) {
            AutomatonTest fresh = new AutomatonTest();
            fresh.reach(state);
            fresh.automaton.handle(event, 0);
            String cell = column.getOrDefault(event.label(), "-");
            String context = state + " " + event;
            assertThat(fresh.automaton.state()).as(context).isEqualTo(next(cell, state));
            assertThat(fresh.done).as(context).isEqualTo(actions(cell));
            assertThat(fresh.automaton.deadlineNs() != Long.MAX_VALUE).as(context + " timer")
                    .isEqualTo(fresh.automaton.state().timerRuns());
        }
    }

    private static State next(String cell, State unchanged) {
        return cell.equals("-")
                ? unchanged
                : State.values()[Integer.parseInt(cell.substring(cell.indexOf('/') + 1))];
    }

    /** irc and zrc are the automaton's own and not seen from outside. */
    private static List<String> actions(String cell) {
        if (cell.indexOf('/') < 0) {
            return List.of();
        }
        return List.of(cell.substring(0, cell.indexOf('/')).split(",", -1)).stream()
                .filter(action -> !action.equals("irc") && !action.equals("zrc")).toList();
    }

    // RFC 1661 section 4.6: Max-Configure
    @Test
    void givesUpAfterMaxConfigureRequests() {
        reach(State.REQ_SENT);
        for (long nowNs = 0; nowNs < 20; nowNs++) {
            automaton.onTimeout(nowNs);
        }
        assertThat(done).containsExactly("scr", "scr", "tlf");
    }

    // RFC 1661 section 4.6: Max-Terminate
    @Test
    void givesUpAfterMaxTerminateRequests() {
        reach(State.CLOSING);
        for (long nowNs = 0; nowNs < 20; nowNs++) {
            automaton.onTimeout(nowNs);
        }
        assertThat(done).containsExactly("str", "tlf");
    }

    // RFC 1661 section 4.4: zrc pauses before the layer is finished
    @Test
    void pausesAfterThePeersTerminateRequest() {
        reach(State.STOPPING);
        assertThat(automaton.deadlineNs()).isEqualTo(LIMITS.terminateLingerNs());
        automaton.onTimeout(LIMITS.terminateLingerNs());
        assertThat(done).containsExactly("tlf");
    }
}

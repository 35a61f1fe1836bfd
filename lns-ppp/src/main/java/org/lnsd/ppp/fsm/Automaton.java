package org.lnsd.ppp.fsm;

/**
 * The option negotiation automaton (RFC 1661 section 4): the state, the Restart counter and the Restart timer. What is
 * sent and what the layers above and below are told is done by who extends it: one object for each protocol of a link.
 */
public abstract class Automaton {
    private final Limits limits;
    private State state = State.INITIAL;
    private int restartCount;
    private long deadlineNs = Long.MAX_VALUE;

    /** Starts in Initial. */
    Automaton(Limits limits) { this.limits = limits; }

    /** The counters and timers of RFC 1661 section 4.6. */
    public interface Limits {
        /** The Restart timer. */
        long restartTimerNs();

        /** Configure-Requests without an answer. */
        int maxConfigure();

        /** Terminate-Requests without an answer. */
        int maxTerminate();

        /** Configure-Naks before what is not taken is rejected. */
        int maxFailure();

        /** How long zrc pauses before the layer is finished. */
        long terminateLingerNs();
    }

    /** Does the action because of the event; the state has already changed. irc and zrc never come here. */
    abstract void perform(Action action, Event cause, long nowNs);

    final Limits limits() { return limits; }

    /** Moves along the table. The state changes before the actions run, so that an action may raise another event. */
    final void handle(Event event, long nowNs) {
        TransitionTable.Cell cell = TransitionTable.cell(state, event);
        State next = cell.next();
        if (next == null) {
            return;
        }
        state = next;
        if (!next.timerRuns()) {
            deadlineNs = Long.MAX_VALUE;
        }
        for (Action action : cell.actions()) {
            perform(action, event, cell, nowNs);
        }
    }

    private void perform(Action action, Event event, TransitionTable.Cell cell, long nowNs) {
        switch (action) {
            case IRC ->
                restartCount = cell.actions().contains(Action.STR) ? limits.maxTerminate() : limits.maxConfigure();
            case ZRC -> {
                restartCount = 0;
                deadlineNs = nowNs + limits.terminateLingerNs();
            }
            case SCR, STR -> {
                restartCount--;
                deadlineNs = nowNs + limits.restartTimerNs();
                perform(action, event, nowNs);
            }
            case TLU, TLD, TLS, TLF, SCA, SCN, STA, SCJ, SER -> perform(action, event, nowNs);
        }
    }

    /** Raises TO+ or TO- if the Restart timer is due. */
    public final void onTimeout(long nowNs) {
        if (nowNs >= deadlineNs) {
            handle(restartCount > 0 ? Event.TO_PLUS : Event.TO_MINUS, nowNs);
        }
    }

    /**
     * Lets the Restart timer expire early, if a repetition is left. The RFC leaves its value to the implementation
     * (section 4.6), so the table stays as it is.
     */
    final void expireEarly(long nowNs) {
        if (restartCount > 0) {
            handle(Event.TO_PLUS, nowNs);
        }
    }

    /** Goes to Opened without an exchange: another system did it for us (proxy LCP). No action is run. */
    final void assumeOpened() {
        state = State.OPENED;
        restartCount = limits.maxConfigure();
        deadlineNs = Long.MAX_VALUE;
    }

    /** Returns when {@link #onTimeout} is due, or Long.MAX_VALUE. */
    public final long deadlineNs() {
        return deadlineNs;
    }

    /** Returns the state. */
    public final State state() { return state; }
}

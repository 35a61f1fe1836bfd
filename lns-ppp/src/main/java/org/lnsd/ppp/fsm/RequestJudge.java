package org.lnsd.ppp.fsm;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.lnsd.ppp.option.Option;

/** Judges a whole Configure-Request: one answer for all options (RFC 1661 sections 5.1 to 5.4). */
record RequestJudge(int code, List<Option> options) {
    /**
     * Rejects win over Naks, and a Reject names every option that is not taken. Beyond Max-Failure Naks without an Ack
     * what would be Nak'd is rejected instead and nothing is asked for any more (section 4.6).
     */
    static RequestJudge judge(OptionPolicy policy, List<Option> peerOptions, boolean nakAllowed) {
        var rejected = new ArrayList<Option>();
        var suggested = new ArrayList<Option>();
        var unwanted = new ArrayList<Option>();
        var seenTypes = new BitSet();
        for (Option option : peerOptions) {
            boolean repeated = seenTypes.get(option.type());
            seenTypes.set(option.type());
            switch (repeated ? Verdict.REJECT : policy.judge(option)) {
                case Verdict.Ack _ -> {}
                case Verdict.Reject _ -> rejected.add(option);
                case Verdict.NakAlone nak -> {
                    return new RequestJudge(Code.CONFIGURE_NAK, List.of(nak.suggestion()));
                }
                case Verdict.Nak nak -> {
                    suggested.add(nak.suggestion());
                    unwanted.add(option);
                }
            }
        }
        if (!nakAllowed) {
            addInOrder(rejected, unwanted, peerOptions);
            suggested.clear();
        } else {
            suggested.addAll(policy.missing(peerOptions));
        }
        if (!rejected.isEmpty()) {
            return new RequestJudge(Code.CONFIGURE_REJECT, rejected);
        }
        return suggested.isEmpty()
                ? new RequestJudge(Code.CONFIGURE_ACK, peerOptions)
                : new RequestJudge(Code.CONFIGURE_NAK, suggested);
    }

    private static void addInOrder(List<Option> rejected, List<Option> unwanted, List<Option> peerOptions) {
        if (unwanted.isEmpty()) {
            return;
        }
        var all = new ArrayList<Option>(rejected);
        all.addAll(unwanted);
        rejected.clear();
        for (Option option : peerOptions) {
            if (all.remove(option)) {
                rejected.add(option);
            }
        }
    }

    /** Tells whether this is RCR+. */
    boolean good() { return code == Code.CONFIGURE_ACK; }
}

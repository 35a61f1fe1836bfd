package org.lnsd.ppp.fsm;

import org.lnsd.ppp.option.Option;

/** What is thought of one option of the peer's Configure-Request. */
public sealed interface Verdict {
    /** Recognised and acceptable. */
    Verdict ACK = new Ack();
    /** Not recognised or not negotiable. */
    Verdict REJECT = new Reject();

    /** See {@link #ACK}. */
    record Ack() implements Verdict {}

    /** Recognised, but this is the value that would be acceptable. */
    record Nak(Option suggestion) implements Verdict {}

    /** A Nak that must be sent whatever is thought of the other options (a loop, RFC 1661 section 6.4). */
    record NakAlone(Option suggestion) implements Verdict {}

    /** See {@link #REJECT}. */
    record Reject() implements Verdict {}
}

package org.lnsd.ppp.fsm;

import java.util.List;
import org.lnsd.ppp.option.Option;

/** The options of one control protocol: what we ask for and what we think of what the peer asks for. */
public interface OptionPolicy {
    /** Forgets what was negotiated: all begins anew. */
    void begin();

    /** Returns the options of our next Configure-Request. Two calls without a Nak or Reject between them are equal. */
    List<Option> request();

    /** Judges one option of the peer. */
    Verdict judge(Option option);

    /** Returns options that a Nak asks the peer to add (RFC 1661 section 5.3). */
    List<Option> missing(List<Option> peerOptions);

    /** We acknowledge these options of the peer. */
    void peerAgreed(List<Option> peerOptions);

    /** The peer does not take these values of ours; returns false if that ends the negotiation. */
    boolean onNak(List<Option> suggestions);

    /** The peer does not know these options of ours; returns false if that ends the negotiation. */
    boolean onReject(List<Option> rejected);
}

package org.lnsd.l2tp.control;

/** What a {@link ReliableChannel} counts. */
public final class ChannelCounters {
    long messagesSent;
    long messagesReceived;
    long acknowledgementsSent;
    long acknowledgementsReceived;
    long retransmissions;
    long duplicates;
    long heldOutOfOrder;
    long outOfWindow;
    long badAcknowledgements;

    ChannelCounters() {}

    /** Messages sent for the first time, without ZLBs. */
    public long messagesSent() { return messagesSent; }

    /** Messages taken in order, without ZLBs. */
    public long messagesReceived() { return messagesReceived; }

    /** ZLBs sent. */
    public long acknowledgementsSent() { return acknowledgementsSent; }

    /** ZLBs received. */
    public long acknowledgementsReceived() { return acknowledgementsReceived; }

    public long retransmissions() { return retransmissions; }

    /** Messages received again. */
    public long duplicates() { return duplicates; }

    /** Messages that came before their turn and were kept. */
    public long heldOutOfOrder() { return heldOutOfOrder; }

    /** Messages dropped because they were ahead of the window or there was too much to send. */
    public long outOfWindow() {
        return outOfWindow;
    }

    /** Acknowledgements of messages that were never sent. */
    public long badAcknowledgements() {
        return badAcknowledgements;
    }
}

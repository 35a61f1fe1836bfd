package org.lnsd.daemon.aaa.radius;

/** Where records are kept until a server has taken them. Used on the accounting loop only. */
interface AccountingJournal {
    /** Keeps a record. Returns the number to name it by, or -1 when there is no room for it. */
    long append(AccountingRecord record);

    /** The record of a number. */
    AccountingRecord read(long number);

    /** A record has been taken, or need not be delivered any more. */
    void done(long number);

    /** Gives what is written to the kernel: from then on it survives the end of this process. */
    void flush();

    /** Forces what is written to the disk; called once a second. */
    void sync();

    /** Octets of records that are kept. */
    long liveBytes();

    /** Closes the file, if there is one. */
    void close();

}
